import type { Body, DemoWire } from '@holdfast/api'
import { type HoldfastAddress, send } from './holdfast.ts'
import type { Cast } from './scenario.ts'

/** A run on a server that is not its own: demo data there, by names that the server drew, until `holdfast demo --remove`. */
export type MarkedRun = {
  readonly cast: Cast
  /** Says how far it is, to every page of the server. Rejects where the demo was removed meanwhile. */
  readonly tell: (
    state: Body<'tellDemo'>['state'],
    more?: { readonly detail?: string; readonly incident?: string | undefined },
  ) => Promise<void>
}

/** Marks a run before anything of it is sent, so that nothing of it is ever taken for anything but a demo. Takes an admin's token. */
export async function beginMarkedRun(holdfast: HoldfastAddress, name: string): Promise<MarkedRun> {
  const demo = await send<DemoWire>(holdfast, '/demo', { stories: [name] })
  const [story] = demo.stories
  if (story === undefined) throw new Error(`the server began no story ${name}`)
  return {
    cast: { cluster: story.cluster, account: story.account, run: demo.id },
    tell: async (state, { detail = '', incident } = {}) => {
      // What a page shows; in full it stands at the console.
      const body = { state, detail: detail.slice(0, 1_000), ...(incident === undefined ? {} : { incident }) }
      await send(holdfast, `/demo/${demo.id}/stories/${name}`, body)
    },
  }
}

/** Carries a marked run to its end: one that fails is told as failed, for the reason that it was stopped for where it was. */
export async function toldAtItsEnd<T>(
  marked: MarkedRun | undefined,
  { run, signal }: { readonly run: () => Promise<T>; readonly signal: AbortSignal | undefined },
): Promise<T> {
  try {
    return await run()
  } catch (failure) {
    const cause: unknown = signal?.aborted === true ? signal.reason : failure
    const detail = cause instanceof Error ? cause.message : String(cause)
    // The server may be gone, or the demo removed, which is then why it failed.
    await marked?.tell('failed', { detail }).catch(() => undefined)
    throw failure
  }
}
