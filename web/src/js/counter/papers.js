// Step 2: the component checklist with its counts of originals, certified and plain copies.
import { giveAll, isComplete, isStarted, lackOf, missing } from './draft.js';
import { byId, clear, copyOf, say, show, write } from './view.js';

const KINDS = ['originals', 'certified', 'copies'];
const MOST = 99;

export function drawPapers(draft, texts, words, onChange) {
  const list = clear(byId('papers'));
  write(byId('papers-count'), draft.papers.length);
  draft.papers.forEach((paper, index) => list.append(row(paper, index, texts, words, onChange)));
  for (const id of ['papers-head', 'papers-all']) show(byId(id), draft.papers.length > 0);
  show(byId('papers-none'), draft.papers.length === 0);
}

/** "1 bản chính, 2 bản sao" */
export function sheets(counts, texts, words) {
  return ['originals', 'copies']
    .filter((kind) => counts[kind] > 0)
    .map((kind) => words.phrase(texts.wanted[kind], { n: counts[kind] }))
    .join(', ');
}

function row(paper, index, texts, words, onChange) {
  const { root, parts } = copyOf('paper-row');
  const tick = parts.tick;
  tick.id = `paper-${index}`;
  parts.name.htmlFor = tick.id;
  write(parts.title, paper.name);
  const what = sheets(paper.wanted, texts, words);
  write(parts.wanted, what && words.phrase(texts.wantedAll, { what }));
  say(parts.condition, paper.condition && words.phrase(texts.condition, { when: paper.condition }));
  say(parts.age, paper.maxAge ? words.phrase(texts.maxAge, { n: paper.maxAge }) : '');
  root.classList.toggle('paper--conditional', Boolean(paper.condition));

  for (const kind of KINDS) {
    const input = parts[kind];
    input.setAttribute('aria-label', `${paper.name}: ${input.dataset.label}`);
    input.addEventListener('input', () => {
      paper.given[kind] = Math.min(MOST, Math.max(0, Math.floor(Number(input.value)) || 0));
      refresh(input);
      onChange();
    });
    input.addEventListener('blur', () => refresh());
    input.addEventListener('focus', () => input.select());
  }

  function refresh(except) {
    tick.checked = isStarted(paper) && isComplete(paper);
    tick.indeterminate = !tick.checked && isStarted(paper);
    root.classList.toggle('paper--given', tick.checked);
    for (const kind of KINDS) {
      if (parts[kind] !== except) parts[kind].value = paper.given[kind] || '';
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

/** "Tờ khai (thiếu 1 bản chính)" */
export const lackText = (paper, texts, words) =>
  words.phrase(texts.lacks, { name: paper.name, what: sheets(lackOf(paper), texts, words) });

/** The sentence about what is missing; "" when every required paper is there. */
export function missingSentence(draft, texts, words) {
  const { required } = missing(draft);
  if (!required.length) return '';
  const names = required.map((paper) => lackText(paper, texts, words)).join('; ');
  return words.phrase(texts.missing, { n: required.length, names });
}

export function drawMissing(draft, texts, words) {
  const { required, conditional } = missing(draft);
  const sentences = [];
  if (required.length) sentences.push(missingSentence(draft, texts, words), texts.missingHint);
  else if (conditional.length) sentences.push(words.phrase(texts.conditional, { n: conditional.length }));
  say(byId('papers-missing'), sentences.join(' '));
  byId('papers-missing').classList.toggle('banner--warn', required.length > 0);
}

/** How many sets of papers were handed in. */
export function listenForSets(draft, onChange) {
  byId('sets').addEventListener('input', (event) => {
    draft().sets = Math.min(MOST, Math.max(1, Math.floor(Number(event.target.value)) || 1));
    draft().touched = true;
    onChange();
  });
}
