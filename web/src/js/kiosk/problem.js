/** The screens that say why no number came, and what can be done. */
import { mayRetry } from '../lib/api.js';
import { find, say } from '../lib/dom.js';
import { t } from './words.js';

/** What is wrong in the printer's own words, once the menu has them. */
export function drawOffer(menu) {
  const why = (menu.printer && !menu.printer.ready && menu.printer.message) || '';
  say(find('#offer-reason'), why);
  find('#offer-reason').hidden = !why;
}

export function drawProblem(problem, unpaired, stepped) {
  const { error } = (problem && problem.answer) || {};
  say(find('#problem-title'), t(unpaired ? 'unpaired' : 'issue_failed'));
  // What cannot help is not offered: after "line closed" the way on is another choice.
  const mayHelp = Boolean(problem) && mayRetry(problem.answer);
  const away = mayHelp && problem.answer.status !== 429;
  const why = away ? t('issue_failed_network') : (error && error.message) || t('issue_failed_other');
  say(find('#problem-what'), unpaired ? t('unpaired_what') : why);
  const again = unpaired || mayHelp;
  find('#retry').hidden = !again;
  say(find('#retry'), t(unpaired ? 'unpaired_go' : 'try_again'));
  find('#steps').hidden = unpaired || !stepped;
}
