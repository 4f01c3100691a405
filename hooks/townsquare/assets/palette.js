// The reader's colour scheme, set before the page is painted.
"use strict";
{
  const palette = __md_get("__palette");
  const inputs = [...document.querySelectorAll("input[data-md-color-media]")];
  const system = inputs.find((input) => {
    const media = input.getAttribute("data-md-color-media");
    return media && media !== "(prefers-color-scheme)" && matchMedia(media).matches;
  });
  const chosen = palette && palette.color;
  const follow = chosen ? chosen.media === "(prefers-color-scheme)" : inputs.length > 0;
  if (follow && system) {
    for (const key of ["scheme", "primary", "accent"])
      document.body.setAttribute("data-md-color-" + key, system.getAttribute("data-md-color-" + key));
  } else if (chosen) {
    for (const [key, value] of Object.entries(chosen))
      document.body.setAttribute("data-md-color-" + key, value);
  }
}
