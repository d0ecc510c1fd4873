// One dossier: a dialog before each move and each correction, and the refusal in words if there is one.
import { byId } from './counter/view.js';
import { correctDialog } from './dossier/correct.js';
import { moveDialog } from './dossier/move.js';

const page = JSON.parse(byId('page-data').textContent);

moveDialog(page);
correctDialog(page);
