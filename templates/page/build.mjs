// Make verify.html out of src/, texts/, page.html and style.css: the same bytes each time.
//
//     node templates/page/build.mjs [OUT]
//
// The libraries are installed from package-lock.json into .cache/page at the top of the
// repository, so that nothing lies around in templates/. PYTHON names a Python that has the
// package `mnemonic`, which carries the word lists.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const CACHE = process.env.PAGE_CACHE || join(HERE, "../../.cache/page");
const PYTHON = process.env.PYTHON || "python3";
const LISTS = ["english", "russian", "spanish", "chinese_simplified"];
const LANGUAGES = ["en", "ru", "uk", "be", "fa", "ar", "zh", "my", "es"];
const MAX_SIZE = 200_000;

function installed() {
  mkdirSync(CACHE, { recursive: true });
  const lock = readFileSync(join(HERE, "package-lock.json"));
  const mark = join(CACHE, "node_modules/.installed");
  const wanted = createHash("sha256").update(lock).digest("hex");
  if (!existsSync(mark) || readFileSync(mark, "utf8") !== wanted) {
    for (const name of ["package.json", "package-lock.json"])
      copyFileSync(join(HERE, name), join(CACHE, name));
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: CACHE,
      stdio: ["ignore", 2, 2],
    });
    writeFileSync(mark, wanted);
  }
  return createRequire(join(CACHE, "package.json"))("esbuild");
}

// Each list as one text: how many letters a word shares with the one before, then the others.
function wordLists() {
  const code =
    "import json, sys; from mnemonic import Mnemonic; " +
    "print(json.dumps({name: Mnemonic(name).wordlist for name in sys.argv[1:]}))";
  const lists = JSON.parse(execFileSync(PYTHON, ["-c", code, ...LISTS], { encoding: "utf8" }));
  const packed = Object.entries(lists).map(([name, words]) => [
    name,
    words.map(shortened).join(""),
  ]);
  return JSON.stringify(Object.fromEntries(packed));
}

function shortened(word, at, words) {
  let shared = 0;
  while (at && shared < 9 && word[shared] && word[shared] === words[at - 1][shared]) shared += 1;
  return shared + word.slice(shared);
}

const texts = Object.fromEntries(
  LANGUAGES.map((name) => [
    name,
    JSON.parse(readFileSync(join(HERE, "texts", `${name}.json`), "utf8")),
  ]),
);

// What only stands where scripts are off is no part of the script.
const spoken = (key, text) => (key === "noscript" ? undefined : text);

// The warning and the way without scripts in every language, the English of which stand open.
function withoutScripts() {
  return LANGUAGES.map((name) => {
    const direction = ["fa", "ar"].includes(name) ? "rtl" : "ltr";
    const head = `<summary>${texts[name].name}</summary>`;
    const paragraphs = name === "en" ? ["noscript"] : ["warning", "noscript"];
    const body = paragraphs.map((key) => `<p>${texts[name][key]}</p>`).join("");
    const open = name === "en" ? " open" : "";
    return `<details lang="${name}" dir="${direction}"${open}>${head}${body}</details>`;
  }).join("\n");
}

// `import ... from "lists"` and `"texts"` in src/.
const ours = {
  name: "ours",
  setup(build) {
    const made = { lists: wordLists(), texts: JSON.stringify(texts, spoken) };
    build.onResolve({ filter: /^(lists|texts)$/ }, ({ path }) => ({ path, namespace: "ours" }));
    build.onLoad({ filter: /.*/, namespace: "ours" }, ({ path }) => ({
      contents: made[path],
      loader: "json",
    }));
  },
};

async function bundled(esbuild) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(HERE, "src/main.mjs")],
    absWorkingDir: HERE,
    bundle: true,
    charset: "utf8",
    format: "iife",
    legalComments: "none",
    minify: true,
    nodePaths: [join(CACHE, "node_modules")],
    plugins: [ours],
    target: ["es2020"],
    write: false,
  });
  return outputFiles[0].text.trim();
}

async function styled(esbuild) {
  const source = readFileSync(join(HERE, "style.css"), "utf8");
  return (await esbuild.transform(source, { loader: "css", minify: true })).code.trim();
}

const hashOf = (source) => `'sha256-${createHash("sha256").update(source).digest("base64")}'`;

async function page(esbuild) {
  const [script, style] = [await bundled(esbuild), await styled(esbuild)];
  const parts = {
    policy: [
      "default-src 'none'",
      `script-src ${hashOf(script)}`,
      `style-src ${hashOf(style)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ].join("; "),
    warning: texts.en.warning,
    noscript: withoutScripts(),
    style,
    script,
  };
  const html = readFileSync(join(HERE, "page.html"), "utf8");
  return html.replace(/@(policy|style|warning|noscript|script)@/g, (_, name) => parts[name]);
}

const built = Buffer.from(await page(installed()));
if (built.length > MAX_SIZE) throw new Error(`${built.length} bytes, the limit is ${MAX_SIZE}`);
const out = process.argv[2] || join(HERE, "verify.html");
writeFileSync(out, built);
console.log(`${createHash("sha256").update(built).digest("hex")}  ${built.length} bytes`);
