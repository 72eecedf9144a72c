import "../styles/choir.css";

// Takes that an earlier page could not send go out from whichever page is open next. The code
// for that comes when the page itself is done.
if ("indexedDB" in window) {
  window.addEventListener("load", () => {
    void import("../upload/shared").then(({ sharedUploader }) => sharedUploader());
  });
}
