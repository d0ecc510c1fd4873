/** Finding a procedure or an office without diacritics; what was found leads to the same addresses as the list. */
import { find, make, put, say } from '../lib/dom.js';
import { fill } from '../lib/format.js';
import { makeIndex, searchIndex } from '../kiosk/search.js';

function row({ department, procedure }) {
  const address = `?line=${department.line.id}${procedure ? `&procedure=${encodeURIComponent(procedure.key)}` : ''}`;
  const title = procedure ? procedure.name : department.title;
  return make(
    'li',
    {},
    make(
      'a',
      { class: 'choice-card', href: address },
      make('span', { class: 'choice-card__letter', 'aria-hidden': 'true' }, department.line.prefix),
      make('span', { class: 'choice-card__words' }, make('span', { class: 'choice-card__title', lang: 'vi' }, title), procedure && [' ', make('span', { class: 'choice-card__note' }, department.title)]),
    ),
  );
}

export function wireSearch({ menu, texts }) {
  const index = makeIndex(menu);
  const query = find('#query');
  const draw = () => {
    const typed = query.value.trim();
    const found = searchIndex(index, typed);
    put(find('#results'), found.map(row));
    find('#results').hidden = !typed;
    find('#departments').hidden = Boolean(typed && found.length);
    say(find('#found'), typed ? (found.length ? fill(texts.found, { n: found.length }) : texts.none) : '');
  };
  query.addEventListener('input', draw);
  draw();
}
