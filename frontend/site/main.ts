import { Scope } from "../lib/scope";
import { offerToInstall } from "./install";

// The browser makes this offer when it likes, also before the page is done.
const footer = document.getElementById("install");
if (footer) offerToInstall(new Scope(), footer);

// All else comes when the page itself is done.
window.addEventListener("load", () => {
  void import("./after-load").then(({ afterLoad }) => afterLoad());
});
