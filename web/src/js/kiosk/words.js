/** The kiosk's words in the language of the present visitor; the change happens at once, without the server. */
import { findAll, say } from '../lib/dom.js';
import { fill } from '../lib/format.js';

let all = {};
let language = 'vi';
const listeners = [];

/** Hands in the texts of every language, `{vi: {...}, en: {...}}`. */
export function teach(texts) {
  all = texts;
}

/** The words behind a key, with `%(name)s` places filled. */
export const t = (key, values) => fill(all[language][key], values);

export const currentLanguage = () => language;

/** A thing's title in the visitor's language; Vietnamese where there is no English one. */
export const titleOf = (thing) => (language === 'en' && thing.title_en) || thing.title;

/** Called after each change of language, to draw again what was made from data. */
export const onLanguage = (listener) => listeners.push(listener);

export function speak(wanted) {
  language = wanted;
  document.documentElement.lang = wanted;
  findAll('[data-text]').forEach((element) => say(element, t(element.dataset.text)));
  findAll('[data-label]').forEach((element) => element.setAttribute('aria-label', t(element.dataset.label)));
  findAll('[data-lang]').forEach((element) => element.setAttribute('aria-pressed', String(element.dataset.lang === wanted)));
  listeners.forEach((listener) => listener());
}
