// Step 1: the procedure, searched as one types, this counter's departments first.
import { fold, matches } from '../lib/format.js';
import { byId, clear, copyOf, make, say, show, write } from './view.js';

const MOST_SHOWN = 40;

/** The search box and its list; `onChoose(procedure)` when the officer has decided. */
export function procedurePicker({ texts, words, onChoose }) {
  const box = byId('procedure-search');
  const list = byId('procedure-list');
  let all = [];
  let first = new Set();
  let shown = [];
  let active = -1;
  let chosen = null;

  function search() {
    const found = all.filter((entry) => matches(box.value, entry.text)).map((entry) => entry.procedure);
    shown = found.slice(0, MOST_SHOWN);
    active = shown.length && box.value.trim() ? 0 : shown.findIndex((procedure) => same(procedure, chosen));
    draw();
    const rest = found.length - shown.length;
    const count = words.phrase(texts.found, { n: found.length });
    write(byId('procedure-found'), rest ? `${count} ${texts.typeMore}` : found.length ? count : texts.notFound);
  }

  function draw() {
    clear(list);
    let department = null;
    let group = null;
    shown.forEach((procedure, index) => {
      if (procedure.department !== department) {
        department = procedure.department;
        group = make('div', 'procedures__group');
        group.setAttribute('role', 'group');
        group.setAttribute('aria-label', procedure.department_title);
        const title = make('p', 'procedures__title', procedure.department_title);
        title.setAttribute('aria-hidden', 'true');
        group.append(title);
        list.append(group);
      }
      group.append(option(procedure, index));
    });
    show(list, shown.length > 0);
    mark();
  }

  function option(procedure, index) {
    const { root, parts } = copyOf('procedure-row');
    root.id = `procedure-${index}`;
    root.dataset.index = index;
    write(parts.name, procedure.name);
    say(parts.code, procedure.code);
    say(parts.field, procedure.field);
    say(parts.term, procedure.term_text);
    show(parts.confirm, procedure.to_confirm);
    return root;
  }

  function mark() {
    for (const element of list.querySelectorAll('[role=option]')) {
      const index = Number(element.dataset.index);
      element.classList.toggle('procedure--active', index === active);
      element.setAttribute('aria-selected', String(same(shown[index], chosen)));
      if (index === active && element.scrollIntoView) element.scrollIntoView({ block: 'nearest' });
    }
    if (active >= 0) box.setAttribute('aria-activedescendant', `procedure-${active}`);
    else box.removeAttribute('aria-activedescendant');
    box.setAttribute('aria-expanded', String(shown.length > 0));
  }

  function take(index) {
    if (!shown[index]) return;
    chosen = shown[index];
    active = index;
    mark();
    onChoose(chosen);
  }

  box.addEventListener('input', search);
  box.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      active = Math.min(shown.length - 1, Math.max(0, active + step));
      mark();
    } else if (event.key === 'Enter' && !event.ctrlKey && active >= 0) {
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
    /** The office's procedures; those of `departments` come first. */
    fill(procedures, departments) {
      first = new Set(departments);
      const place = (procedure) => (first.has(procedure.department) ? 0 : 1);
      const order = new Map();
      for (const procedure of procedures) {
        if (!order.has(procedure.department)) order.set(procedure.department, order.size);
      }
      all = [...procedures]
        .sort((a, b) => place(a) - place(b) || order.get(a.department) - order.get(b.department))
        .map((procedure) => ({ procedure, text: textOf(procedure) }));
      search();
    },
    find: (wanted) => all.map((entry) => entry.procedure).find((procedure) => same(procedure, wanted)) || null,
    reset(procedure) {
      chosen = procedure;
      box.value = '';
      search();
    },
    focus: () => box.focus(),
  };
}

function textOf(procedure) {
  const parts = [procedure.name, procedure.code, procedure.field, procedure.department_title];
  return fold([...parts, ...(procedure.keywords || [])].filter(Boolean).join(' '));
}

/** The same procedure, in a list or on a ticket (which names no department of its own). */
function same(one, other) {
  if (!one || !other || one.key !== other.key) return false;
  return !one.department || !other.department || one.department === other.department;
}
