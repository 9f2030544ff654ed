import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { CliError } from '../../cli-error.ts'
import { PRINT_MS } from '../../limits.ts'

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']

type Printing = {
  readonly html: string
  readonly path: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Prints a page to a PDF with the browser of this machine; nothing is fetched. Throws where there is no browser. */
export async function printPdf({ html, path, env }: Printing): Promise<void> {
  const browser = findBrowser(env)
  if (browser === undefined) {
    throw new CliError('unavailable', `no browser was found: none of ${BROWSERS.join(', ')} is in PATH`, {
      remedy: 'install Chromium, or write --as html and print it from any browser',
    })
  }
  // In the same folder, so that the finished file takes its name in one step.
  const folder = await mkdtemp(join(dirname(path), '.holdfast-print-')).catch(() =>
    mkdtemp(join(tmpdir(), 'holdfast-')),
  )
  try {
    const page = join(folder, 'report.html')
    const pdf = join(folder, 'report.pdf')
    await writeFile(page, html, { mode: 0o600 })
    await promisify(execFile)(browser, [...argumentsOf(folder), `--print-to-pdf=${pdf}`, pathToFileURL(page).href], {
      timeout: PRINT_MS,
    }).catch((cause: unknown) => {
      throw new CliError('unavailable', `${browser} could not print the report`, { cause })
    })
    await rename(pdf, path).catch((cause: unknown) => {
      throw new CliError('unavailable', `${browser} wrote no ${path}`, { cause })
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function argumentsOf(folder: string): readonly string[] {
  return [
    '--headless=new',
    '--disable-gpu',
    '--no-first-run',
    '--disable-extensions',
    '--disable-background-networking',
    '--no-pdf-header-footer',
    `--user-data-dir=${join(folder, 'profile')}`,
    // Chromium refuses to start its sandbox as root; the page has no script and may load nothing.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ]
}

function findBrowser(env: Printing['env']): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not ours to run: the next one is tried.
    return false
  }
}
