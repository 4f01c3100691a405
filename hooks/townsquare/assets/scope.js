// What the theme's bundle expects of its page: where the site begins, and what the reader chose.
/* eslint-disable no-undef */
"use strict";
var __md_scope = new URL("../../", document.currentScript.src);
var __md_hash = (text) => [...text].reduce((sum, c) => (sum << 5) - sum + c.charCodeAt(0), 0);
// Where storage is forbidden, to name it is to throw: nothing outside of these blocks may do so.
var __md_get = (key, storage, scope = __md_scope) => {
  try {
    return JSON.parse((storage ?? localStorage).getItem(scope.pathname + "." + key));
  } catch {
    return null;
  }
};
var __md_set = (key, value, storage, scope = __md_scope) => {
  try {
    (storage ?? localStorage).setItem(scope.pathname + "." + key, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the choice lasts for this page.
  }
};
