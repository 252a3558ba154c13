// A notebook in JupyterLab, driven as by a user: reads commands from standard input, a line of JSON each, and answers
// each with a line {"value": ...} or {"error": "..."}.
//
// usage: node page.mjs JSON, with
//   url        the server's address
//   chromium   the browser's program
//
// A command is {"do": name, ...}; the functions in `commands` are the names. Cells are named by their place in the notebook.
// JupyterLab has to run with --LabApp.expose_app_in_browser=True.

import { chromium } from 'playwright-core';
import { createInterface } from 'node:readline';

const task = JSON.parse(process.argv[2]);
const LIMIT = { timeout: 120_000 };

const browser = await chromium.launch({
  executablePath: task.chromium,
  // Chromium's sandbox does not work for root, nor in most containers.
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
});
const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
page.setDefaultTimeout(LIMIT.timeout);

const commands = {
  // Opens a notebook, and waits for its kernel.
  async open({ notebook }) {
    await page.goto(`${task.url}/lab/tree/${notebook}?reset`);
    await page.waitForFunction(kernelIs, ['idle'], LIMIT);
  },

  // Loads the page anew, as it is then on disk.
  async reload() {
    await page.evaluate(save);
    await page.reload();
    await page.waitForFunction(kernelIs, ['idle', 'busy', 'unknown'], LIMIT);
  },

  // Runs a cell, without waiting for its end.
  async run({ cell }) {
    await page.evaluate(select, cell);
    await page.evaluate(cell => {
      // Whatever else takes the focus meanwhile: it is this cell that is run.
      window.jupyterapp.shell.currentWidget.content.activeCellIndex = cell;
      window.jupyterapp.commands.execute('notebook:run-cell');
    }, cell);
  },

  // Runs one of JupyterLab's commands.
  async command({ id }) {
    await page.evaluate(async id => { await window.jupyterapp.commands.execute(id); }, id);
  },

  // Waits until the kernel has this status.
  async kernel({ status }) {
    await page.waitForFunction(kernelIs, [status], LIMIT);
  },

  // Waits until the cell's output, as it is seen, has this text; gives the output.
  async output({ cell, text }) {
    try {
      const seen = await page.waitForFunction(outputHas, [cell, text], LIMIT);
      return seen.jsonValue();
    } catch (error) {
      const state = await page.evaluate(stateOf, cell);
      throw new Error(`${error}; there is ${JSON.stringify(state)}`);
    }
  },

  // Brings a cell into view: JupyterLab renders no other ones.
  async scroll({ cell }) {
    await page.evaluate(select, cell);
  },

  // Chooses Restart Kernel, says yes, and waits for the new kernel. When the dialog has gone, the status may still be that of
  // the old kernel, and the focus goes back to where it was a moment later, which makes another cell the active one.
  async restart() {
    const restarted = page.evaluate(async () => { await window.jupyterapp.commands.execute('notebook:restart-kernel'); });
    await page.locator('.jp-Dialog .jp-mod-accept').click();
    await restarted;
    await page.waitForFunction(kernelIs, ['idle'], LIMIT);
  },

  // Types at the end of a cell's text.
  async type({ cell, text }) {
    await page.evaluate(select, cell);
    await page.evaluate(cell => {
      const { editor } = window.jupyterapp.shell.currentWidget.content.widgets[cell];
      editor.focus();
      editor.setCursorPosition({ line: editor.lineCount - 1, column: editor.getLine(editor.lineCount - 1).length });
    }, cell);
    await page.keyboard.type(text);
  },

  // Types where the cursor is.
  async keys({ text }) {
    await page.keyboard.type(text);
  },

  async press({ key }) {
    await page.keyboard.press(key);
  },

  async click({ selector }) {
    await page.locator(selector).first().click();
  },

  async focus({ selector }) {
    await page.locator(selector).first().focus();
  },

  // Waits until an element has this text; gives its text.
  async see({ selector, text }) {
    const seen = page.locator(selector).filter({ hasText: text ?? '' }).first();
    await seen.waitFor();
    return seen.innerText();
  },

  // Waits until a property of an element has this value.
  async style({ selector, property, value }) {
    await page.waitForFunction(([selector, property, value]) => {
      const seen = document.querySelector(selector);
      return seen && seen.style[property] === value;
    }, [selector, property, value], LIMIT);
  },

  async screenshot({ path, selector }) {
    await (selector ? page.locator(selector).first() : page).screenshot({ path });
  },

  async size({ width, height }) {
    await page.setViewportSize({ width, height });
  },

  // Waits until a script gives something.
  async until({ script }) {
    const value = await page.waitForFunction(script, null, LIMIT);
    return value.jsonValue();
  },

  async evaluate({ script }) {
    return page.evaluate(script);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...rest } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ value: (await commands[name](rest)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: `${name} ${JSON.stringify(rest)}: ${error}` }));
  }
}
await browser.close();

// The functions below run in the page.

function kernelIs(wanted) {
  const panel = window.jupyterapp?.shell.currentWidget;
  return wanted.includes(panel?.sessionContext?.session?.kernel?.status);
}

async function select(cell) {
  const { content } = window.jupyterapp.shell.currentWidget;
  content.activeCellIndex = cell;
  content.deselectAll();
  await content.scrollToItem(cell);
}

async function save() {
  await window.jupyterapp.commands.execute('docmanager:save');
}

function stateOf(cell) {
  const panel = window.jupyterapp.shell.currentWidget;
  const { model, outputArea } = panel.content.widgets[cell];
  const { kernel } = panel.sessionContext.session ?? {};
  return {
    output: outputArea.node.innerText,
    prompt: model.executionCount,
    execution: model.executionState,
    status: kernel?.status,
    connection: kernel?.connectionStatus,
  };
}

function outputHas([cell, text]) {
  const seen = window.jupyterapp.shell.currentWidget?.content?.widgets[cell]?.outputArea.node.innerText;
  return seen?.includes(text) ? seen : false;
}
