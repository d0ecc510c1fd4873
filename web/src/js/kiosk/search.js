/** Finding a procedure or an office by everyday words, without diacritics, even with the spaces left out. */
import { fold, matches } from '../lib/format.js';

const MOST = 40;
const tight = (text) => text.replace(/[^a-z0-9]/g, '');

/** Folds every name once; `menu` is what GET /kiosk/menu answers. */
export function makeIndex(menu) {
  const entries = [];
  menu.departments.forEach((department) => {
    const office = fold(`${department.title} ${department.title_en || ''}`);
    entries.push({ department, procedure: null, name: office, all: office, tight: tight(office), phrases: [] });
  });
  const seen = new Set();
  menu.departments.forEach((department) => {
    department.procedures.forEach((procedure) => {
      // A department with several lines offers its procedures once: the server knows whose line they take.
      const once = `${department.key}/${procedure.key}`;
      if (seen.has(once)) return;
      seen.add(once);
      const name = fold(procedure.name);
      const all = fold([procedure.name, ...procedure.keywords, procedure.code || '', department.title].join(' '));
      const unspaced = [procedure.name, ...procedure.keywords].map((text) => tight(fold(text))).join(' ');
      const phrases = [procedure.name, ...procedure.keywords].map((text) => ` ${fold(text)} `);
      entries.push({ department, procedure, name, all, tight: unspaced, phrases });
    });
  });
  return entries;
}

function score(entry, query) {
  const phrase = ` ${query} `;
  if (entry.name.startsWith(query) || entry.phrases.includes(phrase)) return 0;
  if (entry.phrases.some((text) => text.includes(phrase))) return 1;
  if (matches(query, entry.name)) return entry.procedure ? 2 : 1;
  if (matches(query, entry.all)) return 3;
  const squeezed = tight(query);
  return squeezed.length >= 4 && entry.tight.includes(squeezed) ? 4 : null;
}

/** The best entries first, at most 40; nothing for an empty query. */
export function searchIndex(entries, typed) {
  const query = fold(typed);
  if (!tight(query)) return [];
  return entries
    .map((entry, order) => ({ entry, order, score: score(entry, query) }))
    .filter((found) => found.score !== null)
    .sort((a, b) => a.score - b.score || a.order - b.order)
    .slice(0, MOST)
    .map((found) => found.entry);
}
