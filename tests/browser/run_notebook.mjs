// Runs a notebook in JupyterLab as a user does: opens it, chooses Run All Cells, waits, saves.
//
// usage: node run_notebook.mjs JSON, with
//   url         the server's address
//   notebook    the notebook's path below the server's root
//   late        for cells by their place in the notebook, how often a text has to be in their
//               output: {"9": ["Wuzzle", 25]}; only with these is the run complete
//   chromium    the browser's program
//   screenshot  where to put the picture of the page
//
// Prints as JSON what a user sees of each code cell: {"9": {prompt, text, errors}}.
// JupyterLab has to run with --LabApp.expose_app_in_browser=True.

import { chromium } from 'playwright-core';

const task = JSON.parse(process.argv[2]);
const LIMIT = { timeout: 120_000 };

const browser = await chromium.launch({
  executablePath: task.chromium,
  // Chromium's sandbox does not work for root, nor in most containers.
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  page.setDefaultTimeout(LIMIT.timeout);
  await page.goto(`${task.url}/lab/tree/${task.notebook}?reset`);
  await page.waitForFunction(kernelIsIdle, null, LIMIT);
  await page.evaluate(async () => {
    await window.jupyterapp.commands.execute('notebook:run-all-cells');
  });
  await page.waitForFunction(everythingHasCome, task.late, LIMIT);
  await page.evaluate(async () => {
    await window.jupyterapp.commands.execute('docmanager:save');
  });
  await showAll(page);
  await page.screenshot({ path: task.screenshot });
  console.log(JSON.stringify(await page.evaluate(whatIsSeen)));
} finally {
  await browser.close();
}

// The functions below run in the page.

function kernelIsIdle() {
  const panel = window.jupyterapp?.shell.currentWidget;
  return panel?.sessionContext?.session?.kernel?.status === 'idle';
}

function everythingHasCome(late) {
  const panel = window.jupyterapp.shell.currentWidget;
  const cells = panel.content.widgets;
  const codes = cells.filter(cell => cell.model.type === 'code' && cell.model.sharedModel.source);
  if (codes.some(cell => cell.model.executionCount === null)) return false;
  if (panel.sessionContext.session.kernel.status !== 'idle') return false;
  return Object.entries(late).every(([place, [part, times]]) => {
    const outputs = cells[place].model.outputs.toJSON();
    const text = outputs.map(output => [output.text ?? ''].flat().join('')).join('');
    return text.split(part).length - 1 >= times;
  });
}

// Makes the page so high that the whole notebook is in view: JupyterLab renders no other cells.
async function showAll(page) {
  await page.setViewportSize({ width: 1200, height: 9000 });
  await page.evaluate(async () => {
    await window.jupyterapp.shell.currentWidget.content.scrollToItem(0);
  });
  await page.waitForFunction(() => {
    const cells = window.jupyterapp.shell.currentWidget.content.widgets;
    return cells.every(cell => cell.node.isConnected && cell.node.checkVisibility());
  }, null, LIMIT);
}

function whatIsSeen() {
  const cells = window.jupyterapp.shell.currentWidget.content.widgets;
  const seen = cells.map((cell, place) => [place, cell]).filter(([, cell]) => cell.model.type === 'code');
  return Object.fromEntries(seen.map(([place, { node }]) => [place, {
    prompt: node.querySelector('.jp-InputPrompt')?.innerText ?? '',
    text: [...node.querySelectorAll('.jp-OutputArea-output')].map(output => output.innerText).join('\n'),
    errors: node.querySelectorAll('[data-mime-type="application/vnd.jupyter.stderr"]').length,
  }]));
}
