// Builds src/ into dist/: every top-level file of src/js and src/css is one page's entry (subfolders and names
// that start with _ hold what entries share), fonts and pictures are copied, and manifest.json says what each
// file is called now.
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, 'src');
const target = join(here, 'dist');
const fresh = join(here, 'dist.new'); // built beside and swapped in at the end: a failed build leaves the old one alone

const FAMILY = '@fontsource/be-vietnam-pro';
const SUBSETS = ['vietnamese', 'latin'];
const WEIGHTS = [400, 500, 600, 700, 800];

// ES2019 and browsers of about its time: kiosk PCs and the phones in a waiting hall are rarely new.
const OLDEST = { js: ['es2019'], css: ['chrome79', 'edge79', 'firefox78', 'safari13.1'] };

const fontFiles = dirname(createRequire(import.meta.url).resolve(`${FAMILY}/unicode.json`));
const posix = (path) => path.split(sep).join('/');

async function list(folder, options) {
  try {
    return await readdir(folder, { withFileTypes: true, ...options });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

async function entries(kind) {
  const files = await list(join(source, kind));
  return files
    .filter((file) => file.isFile() && extname(file.name) === `.${kind}` && !file.name.startsWith('_'))
    .map((file) => join(source, kind, file.name))
    .sort();
}

const fontName = (subset, weight) => `be-vietnam-pro-${subset}-${weight}-normal.woff2`;

/** The @font-face rules, for `@import "be-vietnam-pro"`; written here because the package's own also name .woff. */
async function fontFaces() {
  const ranges = JSON.parse(await readFile(join(fontFiles, 'unicode.json'), 'utf8'));
  return WEIGHTS.flatMap((weight) =>
    SUBSETS.map(
      (subset) =>
        `@font-face{font-family:"Be Vietnam Pro";font-style:normal;font-display:swap;font-weight:${weight};` +
        `src:url("../fonts/${fontName(subset, weight)}") format("woff2");unicode-range:${ranges[subset]}}`,
    ),
  ).join('\n');
}

const fonts = {
  name: 'be-vietnam-pro',
  setup(build) {
    build.onResolve({ filter: /^be-vietnam-pro$/ }, ({ path }) => ({ path, namespace: 'fonts' }));
    build.onLoad({ filter: /.*/, namespace: 'fonts' }, async () => ({ contents: await fontFaces(), loader: 'css' }));
  },
};

async function bundle(kind, options) {
  const entryPoints = await entries(kind);
  if (entryPoints.length === 0) return [];
  const { metafile } = await esbuild.build({
    entryPoints,
    outdir: fresh,
    outbase: source,
    absWorkingDir: here,
    entryNames: '[dir]/[name]-[hash]',
    assetNames: 'img/[name]-[hash]',
    loader: { '.svg': 'file', '.png': 'file', '.webp': 'file' },
    bundle: true,
    minify: true,
    sourcemap: false,
    target: OLDEST[kind],
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  return Object.entries(metafile.outputs);
}

/** Copies src/img under names that carry their content's hash, so that they may be cached for ever. */
async function copyPictures(manifest) {
  for (const file of await list(join(source, 'img'), { recursive: true })) {
    if (!file.isFile()) continue;
    const from = join(file.parentPath, file.name);
    const bytes = await readFile(from);
    const logical = relative(source, from);
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
    const ending = extname(logical);
    const named = `${logical.slice(0, logical.length - ending.length)}-${hash}${ending}`;
    await mkdir(dirname(join(fresh, named)), { recursive: true });
    await writeFile(join(fresh, named), bytes);
    manifest[posix(logical)] = posix(named);
  }
}

async function copyFonts() {
  await mkdir(join(fresh, 'fonts'), { recursive: true });
  for (const weight of WEIGHTS) {
    for (const subset of SUBSETS) {
      const name = fontName(subset, weight);
      await cp(join(fontFiles, 'files', name), join(fresh, 'fonts', name));
    }
  }
}

/** The licences of what the bundles contain; most of them ask to travel with every copy. */
async function writeLicences(outputs) {
  const packages = new Set([FAMILY]);
  for (const [, output] of outputs) {
    for (const input of Object.keys(output.inputs)) {
      const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (match) packages.add(match[1]);
    }
  }
  const texts = [];
  for (const name of [...packages].sort()) {
    const folder = join(here, 'node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await list(folder)).find((found) => /^licen[cs]e/i.test(found.name));
    const text = file ? await readFile(join(folder, file.name), 'utf8') : '';
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  await writeFile(join(fresh, 'LICENCES.txt'), texts.join('\n----\n\n'));
}

async function build() {
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  const outputs = [
    ...(await bundle('js', { format: 'iife' })),
    // Fonts keep their names: pages preload them, and a stylesheet finds them beside its own folder.
    ...(await bundle('css', { plugins: [fonts], external: ['../fonts/*'] })),
  ];
  const manifest = {};
  for (const [path, { entryPoint }] of outputs) {
    if (entryPoint) manifest[posix(relative(source, join(here, entryPoint)))] = posix(relative(fresh, join(here, path)));
  }
  await copyPictures(manifest);
  await copyFonts();
  await writeLicences(outputs);
  await writeFile(
    join(fresh, 'manifest.json'),
    `${JSON.stringify(Object.fromEntries(Object.entries(manifest).sort()), null, 2)}\n`,
  );
  await rm(target, { recursive: true, force: true });
  await rename(fresh, target);
}

try {
  await build();
} catch (error) {
  if (!error.errors) console.error(error); // esbuild has shown its own errors already
  process.exitCode = 1;
}
