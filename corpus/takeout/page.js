"use strict";
// The page works without this, by its links; with it clips play in place and can be sifted.
(() => {
  const STEP = 100;
  // Read once: asking ten thousand elements at each keystroke is slow.
  const clips = [...document.querySelectorAll(".clips > li")].map((item) => {
    const { find: text, state: its } = item.dataset;
    return { item, text, its, isShown: false };
  });
  const chapters = [...document.querySelectorAll(".chapter")];
  const find = document.getElementById("find");
  const state = document.getElementById("state");
  const more = document.getElementById("more");
  const count = document.getElementById("count");
  const player = document.querySelector(".player");
  const sound = player.querySelector("audio");
  const title = player.querySelector("p");
  let limit = STEP;
  let playing = null;

  function sift() {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let matching = 0;
    const wanted = state.value;
    for (const clip of clips) {
      const { item, text, its } = clip;
      const fits = (!wanted || its === wanted) && words.every((word) => text.includes(word));
      if (fits) matching += 1;
      const isShown = fits && matching <= limit;
      if (isShown !== clip.isShown) item.classList.toggle("shown", isShown);
      clip.isShown = isShown;
    }
    for (const chapter of chapters) chapter.hidden = !chapter.querySelector(".shown");
    more.hidden = matching <= limit;
    count.textContent = count.dataset.text
      .replace("{shown}", Math.min(matching, limit).toLocaleString(document.documentElement.lang))
      .replace("{all}", matching.toLocaleString(document.documentElement.lang));
  }

  function rename(link, from, to) {
    link.textContent = to;
    link.setAttribute("aria-label", link.getAttribute("aria-label").replace(from, to));
  }

  function press(link) {
    const { play, pause } = player.dataset;
    if (playing) rename(playing, pause, play);
    playing?.removeAttribute("aria-current");
    playing = link;
    if (link) rename(link, play, pause);
    link?.setAttribute("aria-current", "true");
  }

  function play(link) {
    const isSame = sound.getAttribute("src") === link.getAttribute("href");
    if (isSame && !sound.paused) return sound.pause();
    if (!isSame) {
      title.textContent = link.closest("li").querySelector("h3").textContent;
      title.lang = link.closest("li").querySelector("h3").lang;
      sound.src = link.getAttribute("href");
    }
    player.hidden = false;
    press(link);
    // A browser that does not know the original's format is given the master.
    sound.play().catch(() => {
      if (!sound.error || !link.dataset.spare) return;
      sound.src = link.dataset.spare;
      sound.play().catch(() => press(null));
    });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.play");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    play(link);
  });
  sound.addEventListener("pause", () => press(null));
  find.addEventListener("input", () => { limit = STEP; sift(); });
  state.addEventListener("change", () => { limit = STEP; sift(); });
  more.addEventListener("click", () => { limit += STEP; sift(); });

  const present = new Set(clips.map(({ its }) => its));
  for (const option of [...state.options]) {
    if (option.value && !present.has(option.value)) option.remove();
  }
  document.querySelector(".sift").hidden = false;
  count.hidden = false;
  sift();
})();
