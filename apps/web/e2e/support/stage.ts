import type { Browser } from 'playwright-core'
import { launchBrowser, signIn, type SignedIn } from './browser.ts'
import { readDocuments } from './documents.ts'
import type { Stage } from './personas.ts'
import { poison, startSession } from './poisoned.ts'
import { seededWorkspace, type Seeded } from './seeded.ts'

type OpenStage = {
  readonly stage: Stage
  readonly signedIn: SignedIn
  /** What stands for each parameter of a route. */
  readonly ids: Seeded['ids']
  /** An id that the incident had before it was found to be one with another. */
  readonly formerIncident: string
} & AsyncDisposable

/** One seeded server, one agent at work and one browser for all stories; they are played one after the other. */
export async function openStage(): Promise<OpenStage> {
  await using opened = new AsyncDisposableStack()
  const seeded = opened.use(await seededWorkspace())
  const { workspace } = seeded
  await poison(workspace)
  await readDocuments(workspace)
  const session = opened.use(await startSession(workspace))
  const browser: Browser = await launchBrowser()
  opened.defer(() => browser.close())
  const signedIn = await signIn(browser, workspace)
  signedIn.context.setDefaultTimeout(120_000)
  const rest = opened.move()
  const { ids, formerIncident } = seeded
  const stage = { origin: workspace.http, session }
  return { stage, signedIn, ids, formerIncident, [Symbol.asyncDispose]: () => rest.disposeAsync() }
}
