// Small comforts. Every page is whole without them: nothing here is asked of another host, nothing
// is needed to read, and what a reader notes (progress, a colour) stays in this browser.
"use strict";
{
  const root = new URL("../../", document.currentScript.src);
  const words = JSON.parse(document.currentScript.dataset.words || "{}");
  const language = document.documentElement.lang || "en";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  const made = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const kept = {
    key: (name) => `townsquare:${root.pathname}:${name}`,
    read(name) {
      try {
        const value = JSON.parse(localStorage.getItem(this.key(name)));
        return value instanceof Object && !Array.isArray(value) ? value : {};
      } catch {
        return {};
      }
    },
    // Whether the value is kept: storage can be full or forbidden, and then it lasts for this page.
    write(name, value) {
      try {
        localStorage.setItem(this.key(name), JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
  };

  // ---- A tab that the address names ----------------------------------------------------------

  const openTab = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.name) target.checked = target.name.startsWith("__tabbed_");
  };

  // ---- Event times in the reader's own zone ---------------------------------------------------

  const wallClock = (text) => text.slice(0, 16);

  const localWallClock = (instant) => {
    const pad = (number) => String(number).padStart(2, "0");
    const day = [instant.getFullYear(), pad(instant.getMonth() + 1), pad(instant.getDate())];
    return `${day.join("-")}T${pad(instant.getHours())}:${pad(instant.getMinutes())}`;
  };

  const showOwnTime = (time) => {
    const text = time.dateTime;
    const instant = new Date(text);
    if (!text.includes("T") || Number.isNaN(instant.getTime())) return;
    if (wallClock(text) === localWallClock(instant)) return;
    const sameDay = text.slice(0, 10) === localWallClock(instant).slice(0, 10);
    const form = sameDay
      ? { hour: "2-digit", minute: "2-digit" }
      : { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
    const own = new Intl.DateTimeFormat(language, { ...form, hourCycle: "h23", timeZoneName: "short" });
    const place = time.nextElementSibling?.matches(".ts-zone") ? time.nextElementSibling : time;
    place.after(" ", made("span", { className: "ts-own-time", textContent: words.here.replace("#", own.format(instant)) }));
  };

  // ---- Onboarding: ticks that stay in this browser --------------------------------------------

  const PROGRESS = "progress";

  // Whatever else is stored under our name, by a former version or another hand, counts as nothing.
  const doneOf = (guide) => {
    const done = kept.read(PROGRESS)[guide]?.done;
    return Array.isArray(done) ? done : [];
  };

  const saveProgress = () => {
    const file = new Blob([JSON.stringify(kept.read(PROGRESS), null, 2)], { type: "application/json" });
    const link = made("a", { href: URL.createObjectURL(file), download: "progress.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  };

  const progressTools = (list, forgotten) => {
    const works = kept.write(PROGRESS, kept.read(PROGRESS));
    const note = made("span", { textContent: works ? words.kept : words.lost });
    note.setAttribute("role", "status");
    const save = made("button", { type: "button", textContent: words.save });
    const forget = made("button", { type: "button", textContent: words.forget });
    save.addEventListener("click", saveProgress);
    forget.addEventListener("click", () => {
      kept.write(PROGRESS, {});
      forgotten();
      note.textContent = words.forgotten;
    });
    list.after(made("p", { className: "ts-kept" }, note, ...(works ? [" ", save, " ", forget] : [])));
  };

  const keepTicks = (list) => {
    const guide = list.dataset.tsGuide;
    const boxes = all("input[type=checkbox]", list);
    const step = (box) => box.closest("[data-ts-step]").dataset.tsStep;
    const done = new Set(doneOf(guide));
    for (const box of boxes) box.checked = done.has(step(box));
    list.addEventListener("change", () => {
      const ticked = boxes.filter((box) => box.checked).map(step);
      kept.write(PROGRESS, { ...kept.read(PROGRESS), [guide]: { done: ticked, of: boxes.length } });
    });
    progressTools(list, () => boxes.forEach((box) => (box.checked = false)));
  };

  const progressOf = (done, of) => {
    const text = words.progress.replace("#", Math.min(done, of)).replace("#", of);
    return made("span", { className: "ts-progress", textContent: text });
  };

  const showProgress = (path) => {
    const guides = all("li[data-ts-guide]", path);
    const steps = (guide) => Number(guide.dataset.tsSteps);
    const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);
    const done = guides.map((guide) => Math.min(doneOf(guide.dataset.tsGuide).length, steps(guide)));
    if (!sum(done)) return;
    guides.forEach((guide, at) => {
      if (done[at]) guide.querySelector("a").after(" ", progressOf(done[at], steps(guide)));
    });
    const whole = made("p", {}, progressOf(sum(done), sum(guides.map(steps))));
    path.before(whole);
    progressTools(path, () => [whole, ...all(".ts-progress", path)].forEach((each) => each.remove()));
  };

  // ---- Recordings elsewhere: another host is asked when the reader says so, and not before ---------

  const offerPlayer = (link) => {
    const figure = link.closest("figure");
    const button = made("button", { type: "button", className: "md-button ts-media__ask" });
    button.textContent = link.dataset.tsAsk;
    button.addEventListener("click", () => {
      const poster = figure.querySelector("img");
      const player = made(link.dataset.tsPlayer, { controls: true, autoplay: true, src: link.href });
      player.setAttribute("aria-label", document.querySelector("h1").textContent);
      if (poster && player.tagName === "VIDEO") player.poster = poster.src;
      all("[data-ts-track]", figure).forEach(({ href, textContent, dataset }, at) =>
        player.append(
          made("track", { kind: "captions", src: href, srclang: dataset.tsTrack, label: textContent, default: !at }),
        ),
      );
      poster?.remove();
      figure.prepend(player);
      button.remove();
      player.focus();
    });
    link.before(button, " ");
  };

  // ---- Wide tables: the theme makes them scroll; arrow keys need the focus to do so ---------------

  const letArrowsScroll = (box) => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };

  const watchTables = () => {
    const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => letArrowsScroll(target)));
    for (const box of all(".md-typeset__scrollwrap")) sizes.observe(box);
  };

  // ---- Addresses to copy ----------------------------------------------------------------------

  const addCopy = (code) => {
    const button = made("button", { type: "button", className: "ts-copy", textContent: words.copy });
    button.setAttribute("aria-label", `${words.copy}: ${code.textContent}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = words.copied;
      setTimeout(() => (button.textContent = words.copy), 2000);
    });
    code.after(" ", button);
  };

  // ---- Search --------------------------------------------------------------------------------

  const PAGE = 10;

  const sanitisedExcerpt = (html) => {
    // Pagefind marks the words found with <mark> and escapes the rest; only text and marks pass.
    const parsed = new DOMParser().parseFromString(html, "text/html").body;
    const nodes = [...parsed.childNodes].map((node) =>
      node.nodeName === "MARK" ? made("mark", { textContent: node.textContent }) : node.textContent,
    );
    return made("p", {}, ...nodes);
  };

  const shown = (found) => {
    const crumbs = found.url.slice(root.pathname.length).split("/").filter(Boolean).slice(0, -1);
    return made(
      "li",
      {},
      made("a", { href: found.url, textContent: found.meta.title }),
      made("span", { className: "ts-meta", textContent: crumbs.join(" › ") }),
      sanitisedExcerpt(found.excerpt),
    );
  };

  const searching = (box) => {
    const form = box.querySelector("form");
    const status = box.querySelector("[role=status]");
    const list = box.querySelector("ol");
    let pagefind;

    const load = async () => {
      if (!pagefind) {
        pagefind = await import(new URL("pagefind/pagefind.js", root));
        await pagefind.options({ baseUrl: root.pathname, excerptLength: 28 });
      }
      return pagefind;
    };

    const more = async (results, from) => {
      const found = await Promise.all(results.slice(from, from + PAGE).map((each) => each.data()));
      const items = found.map(shown);
      list.append(...items);
      if (from) items[0].querySelector("a").focus();
      if (results.length <= from + PAGE) return;
      const button = made("button", { type: "button", className: "md-button", textContent: box.dataset.tsMore });
      button.addEventListener("click", () => {
        button.remove();
        more(results, from + PAGE);
      });
      list.after(button);
    };

    const search = async (words) => {
      status.textContent = box.dataset.tsSearching;
      list.replaceChildren();
      box.querySelector("ol + button")?.remove();
      try {
        const { results } = await (await load()).search(words);
        const { tsNone, tsOne, tsMany } = box.dataset;
        const count = results.length;
        status.textContent = [tsNone, tsOne][count] ?? tsMany.replace("#", count);
        await more(results, 0);
      } catch (error) {
        status.textContent = box.dataset.tsMissing;
        console.info(error);
      }
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = form.elements.q.value.trim();
      history.replaceState(null, "", `?${new URLSearchParams({ q: words })}`);
      search(words);
    });

    const asked = new URLSearchParams(location.search).get("q");
    form.elements.q.value = asked ?? "";
    if (asked) search(asked);
    else form.elements.q.focus({ preventScroll: true });
  };

  // ---- All of it ------------------------------------------------------------------------------

  openTab();
  addEventListener("load", watchTables);
  addEventListener("hashchange", openTab);
  all("time.ts-when").forEach(showOwnTime);
  all("ol[data-ts-guide]").forEach(keepTicks);
  all("ol[data-ts-path]").forEach(showProgress);
  all("a[data-ts-player]").forEach(offerPlayer);
  if (navigator.clipboard) all(".ts-addresses code").forEach(addCopy);
  all("[data-ts-search]").forEach(searching);
}
