// What Cloudflare Pages answers for addresses of a folder: Cloudflare's own parsers and handler.
import { existsSync, readFileSync, statSync } from "node:fs";
import { generateHandler } from "@cloudflare/pages-shared/asset-server/handler";
import { createMetadataObject } from "@cloudflare/pages-shared/metadata-generator/createMetadataObject";
import { parseHeaders } from "@cloudflare/pages-shared/metadata-generator/parseHeaders";
import { parseRedirects } from "@cloudflare/pages-shared/metadata-generator/parseRedirects";

const { folder, paths } = JSON.parse(readFileSync(0, "utf8"));
const text = (name) => (existsSync(`${folder}/${name}`) ? readFileSync(`${folder}/${name}`, "utf8") : "");
const headers = parseHeaders(text("_headers"));
const redirects = parseRedirects(text("_redirects"));
const metadata = createMetadataObject({ headers, redirects });

async function answered(path) {
  const response = await generateHandler({
    request: new Request(`https://site.example${path}`),
    metadata,
    logError: (error) => { throw error; },
    findAssetEntryForPath: async (at) =>
      existsSync(folder + at) && statSync(folder + at).isFile() ? at : null,
    getAssetKey: (entry) => entry,
    negotiateContent: () => ({ encoding: null }),
    fetchAsset: async () => ({ body: null, contentType: "text/x-what-the-host-thinks" }),
  });
  return { status: response.status, headers: Object.fromEntries(response.headers) };
}

const answers = {};
for (const path of paths) answers[path] = await answered(path);
const refused = [...headers.invalid, ...redirects.invalid];
const rules = [headers.rules.length, redirects.rules.length];
process.stdout.write(JSON.stringify({ answers, refused, rules }));
