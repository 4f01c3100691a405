// The preview's page follows the build: it loads again when a new site stands, and shows a fault.
"use strict";
{
  const news = new EventSource("/__townsquare/news");
  let shown;

  const report = (text) => {
    document.getElementById("__townsquare")?.remove();
    if (!text) return;
    const box = document.createElement("pre");
    box.id = "__townsquare";
    box.setAttribute("role", "alert");
    box.textContent = text;
    box.style.cssText =
      "position:fixed;inset:auto 0 0;z-index:99;max-height:60vh;margin:0;padding:1rem;overflow:auto;" +
      "background:#2b1210;color:#ffe3df;font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap";
    document.body.append(box);
  };

  news.onmessage = ({ data }) => {
    const { build, fault } = JSON.parse(data);
    shown ??= build;
    if (build !== shown) location.reload();
    else report(fault);
  };
}
