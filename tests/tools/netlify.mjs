// What Netlify makes of a folder's `_headers` and `_redirects`: Netlify's own parsers.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { folder, modules, paths } = JSON.parse(readFileSync(0, "utf8"));
const from = (name) => import(pathToFileURL(`${modules}/@netlify/${name}/lib/index.js`));
const { parseAllHeaders } = await from("headers-parser");
const { parseAllRedirects } = await from("redirect-parser");
const { headers, errors } = await parseAllHeaders({ headersFiles: [`${folder}/_headers`] });
const redirects = await parseAllRedirects({ redirectsFiles: [`${folder}/_redirects`] });

const met = (path) => headers.filter((rule) => rule.forRegExp.test(path)).map((rule) => rule.values);
process.stdout.write(JSON.stringify({
  answers: Object.fromEntries(paths.map((path) => [path, met(path)])),
  redirects: redirects.redirects.map(({ from, to, status, force }) => ({ from, to, status, force })),
  refused: [...errors, ...redirects.errors].map(String),
}));
