// Step 2: the component checklist with its counts.
import { giveAll, isComplete, missing } from './draft.js';
import { byId, clear, copyOf, say, show, write } from './view.js';

export function drawPapers(draft, onChange) {
  const list = clear(byId('papers'));
  write(byId('papers-count'), draft.papers.length);
  draft.papers.forEach((paper, index) => list.append(row(paper, index, onChange)));
  show(byId('papers-none'), draft.papers.length === 0);
  show(byId('papers-all'), draft.papers.length > 0);
}

function row(paper, index, onChange) {
  const { root, parts } = copyOf('paper-row');
  const tick = parts.tick;
  tick.id = `paper-${index}`;
  parts.name.htmlFor = tick.id;
  write(parts.title, paper.name);
  say(parts.condition, paper.condition);

  const inputs = {};
  for (const kind of ['originals', 'copies']) {
    const wanted = paper.wanted[kind];
    show(parts[kind], wanted > 0);
    const input = parts[kind].querySelector('input');
    const label = parts[kind].querySelector('.paper__kind').textContent;
    input.setAttribute('aria-label', `${paper.name}: ${label} (/${wanted})`);
    write(parts[kind].querySelector('.paper__wanted'), `/ ${wanted}`);
    input.addEventListener('input', () => {
      paper.given[kind] = Math.min(99, Math.max(0, Math.floor(Number(input.value)) || 0));
      refresh(input);
      onChange();
    });
    input.addEventListener('focus', () => input.select());
    inputs[kind] = input;
  }

  function refresh(except) {
    tick.checked = isComplete(paper);
    tick.indeterminate = !tick.checked && paper.given.originals + paper.given.copies > 0;
    root.classList.toggle('paper--given', tick.checked);
    for (const [kind, input] of Object.entries(inputs)) {
      if (input !== except) input.value = paper.given[kind];
    }
  }

  tick.addEventListener('change', () => {
    giveAll(paper, tick.checked);
    refresh();
    onChange();
  });
  tick.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.ctrlKey) {
      event.preventDefault();
      tick.click();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const neighbour = event.key === 'ArrowDown' ? root.nextElementSibling : root.previousElementSibling;
      if (neighbour) neighbour.querySelector('.paper__tick').focus();
      event.preventDefault();
    }
  });
  refresh();
  return root;
}

/** The sentence about what is missing; "" when every required paper is there. */
export function missingSentence(draft, texts, words) {
  const { required } = missing(draft);
  if (!required.length) return '';
  return words.phrase(texts.missing, { n: required.length, names: required.join('; ') });
}

export function drawMissing(draft, texts, words) {
  const { required, conditional } = missing(draft);
  const sentences = [];
  if (required.length) sentences.push(missingSentence(draft, texts, words), texts.missingHint);
  if (conditional.length) sentences.push(words.phrase(texts.conditional, { n: conditional.length }));
  say(byId('papers-missing'), sentences.join(' '));
  byId('papers-missing').classList.toggle('banner--warn', required.length > 0);
}
