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
        return JSON.parse(localStorage.getItem(this.key(name))) || {};
      } catch {
        return {};
      }
    },
    write(name, value) {
      try {
        localStorage.setItem(this.key(name), JSON.stringify(value));
      } catch {
        // Storage is full or forbidden: the choice lasts for this page.
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

  const saveProgress = () => {
    const file = new Blob([JSON.stringify(kept.read(PROGRESS), null, 2)], { type: "application/json" });
    const link = made("a", { href: URL.createObjectURL(file), download: "progress.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  };

  const keepTicks = (list) => {
    const guide = list.dataset.tsGuide;
    const boxes = all("input[type=checkbox]", list);
    const step = (box) => box.closest("[data-ts-step]").dataset.tsStep;
    const done = new Set(kept.read(PROGRESS)[guide]?.done);
    for (const box of boxes) box.checked = done.has(step(box));
    list.addEventListener("change", () => {
      const ticked = boxes.filter((box) => box.checked).map(step);
      kept.write(PROGRESS, { ...kept.read(PROGRESS), [guide]: { done: ticked, of: boxes.length } });
    });
    const save = made("button", { type: "button", textContent: words.save });
    const forget = made("button", { type: "button", textContent: words.forget });
    save.addEventListener("click", saveProgress);
    forget.addEventListener("click", () => {
      kept.write(PROGRESS, {});
      for (const box of boxes) box.checked = false;
    });
    list.after(made("p", { className: "ts-kept" }, words.kept, " ", save, " ", forget));
  };

  const showProgress = (item) => {
    const found = kept.read(PROGRESS)[item.dataset.tsGuide];
    if (!found?.done.length) return;
    const text = words.progress.replace("#", found.done.length).replace("#", found.of);
    item.querySelector("a").after(" ", made("span", { className: "ts-progress", textContent: text }));
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
  all("li[data-ts-guide]").forEach(showProgress);
  if (navigator.clipboard) all(".ts-addresses code").forEach(addCopy);
  all("[data-ts-search]").forEach(searching);
}
