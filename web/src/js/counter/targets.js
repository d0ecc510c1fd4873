// Where a visit may be sent: lines, counters and officers in one list, found by name, letter or number, without diacritics.
import { fold, matches } from '../lib/format.js';
import { titleOf } from './names.js';
import { byId, clear, copyOf, make, show, write } from './view.js';

const KINDS = ['line', 'counter', 'officer'];

/** All targets as {kind, id, sign, title, text}. */
function all(targets, texts, words) {
  const counterName = (n) => words.phrase(texts.counterNamed, { n });
  const found = [
    ...targets.lines.map((line) => ({ kind: 'line', id: line.id, sign: line.prefix, title: titleOf(line) })),
    ...targets.counters.map((one) => ({ kind: 'counter', id: one.id, sign: String(one.number), title: [counterName(one.number), one.title].filter(Boolean).join(' · ') })),
    ...targets.officers.map((one) => ({ kind: 'officer', id: one.id, sign: String(one.counter), title: `${one.name} · ${counterName(one.counter)}` })),
  ];
  return found.map((one) => ({ ...one, text: fold(`${one.sign} ${one.title} ${texts.transferGroups[one.kind]}`) }));
}

/** The search box and its list; `onTake()` when one is chosen with Enter or a click. */
export function targetPicker({ texts, words, onTake }) {
  const box = byId('transfer-search');
  const list = byId('transfer-list');
  let known = [];
  let shown = [];
  let active = -1;
  let chosen = null;

  function search() {
    shown = known.filter((one) => matches(box.value, one.text));
    active = box.value.trim() && shown.length ? 0 : -1;
    chosen = null;
    draw();
  }

  function draw() {
    clear(list);
    for (const kind of KINDS) {
      const part = shown.filter((one) => one.kind === kind);
      if (part.length) list.append(group(kind, part));
    }
    show(list, shown.length > 0);
    show(byId('transfer-none'), shown.length === 0);
    box.setAttribute('aria-expanded', String(shown.length > 0));
    mark();
  }

  function group(kind, part) {
    const place = make('div', 'transfer__group');
    place.setAttribute('role', 'group');
    place.setAttribute('aria-label', texts.transferGroups[kind]);
    const title = make('p', 'procedures__title', texts.transferGroups[kind]);
    title.setAttribute('aria-hidden', 'true');
    place.append(title);
    for (const one of part) {
      const { root, parts } = copyOf('transfer-row');
      root.id = `target-${shown.indexOf(one)}`;
      root.dataset.index = shown.indexOf(one);
      write(parts.sign, one.sign);
      write(parts.title, one.title);
      place.append(root);
    }
    return place;
  }

  function mark() {
    for (const element of list.querySelectorAll('[role=option]')) {
      const index = Number(element.dataset.index);
      element.classList.toggle('target--active', index === active);
      element.setAttribute('aria-selected', String(shown[index] === chosen));
      if (index === active) element.scrollIntoView({ block: 'nearest' });
    }
    if (active >= 0) box.setAttribute('aria-activedescendant', `target-${active}`);
    else box.removeAttribute('aria-activedescendant');
  }

  function take(index) {
    if (!shown[index]) return;
    active = index;
    chosen = shown[index];
    box.value = chosen.title;
    mark();
    onTake();
  }

  box.addEventListener('input', search);
  box.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      active = Math.min(shown.length - 1, Math.max(0, active + (event.key === 'ArrowDown' ? 1 : -1)));
      mark();
    } else if (event.key === 'Enter' && !event.ctrlKey) {
      event.preventDefault();
      take(active);
    }
  });
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const element = event.target.closest('[role=option]');
    if (element) take(Number(element.dataset.index));
  });

  return {
    fill(targets) {
      known = all(targets, texts, words);
      box.value = '';
      search();
      box.focus();
    },
    /** The target taken; one that is only marked counts when Ctrl+Enter comes first. */
    get chosen() {
      return chosen || shown[active] || null;
    },
    focus: () => box.focus(),
  };
}
