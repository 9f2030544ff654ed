import type { HttpProxy } from '@holdfast/proxy'
import { CliError } from '../cli-error.ts'
import type { CliContext } from '../context.ts'
import { inert } from '../render/inert.ts'

/** Runs a proxy that listens until the command is interrupted, and says where it listens. */
export async function listenUntilInterrupted(
  context: CliContext,
  { before, start }: { readonly before: URL; readonly start: () => Promise<HttpProxy> },
): Promise<void> {
  await using proxy = await start().catch((fault: unknown) => {
    throw new CliError('conflict', fault instanceof Error ? fault.message : String(fault), {
      cause: fault,
      remedy: 'name another port with --listen, or 0 for a free one',
    })
  })
  context.stdout.write(`${proxy.url}\n`)
  context.stderr.write(`holdfast: ${proxy.url} stands before ${inert(before.host)}; Ctrl-C ends it\n`)
  if (context.signal.aborted) return
  await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }))
}

/** An address as it may be recorded: a query may hold a key. */
export function targetOf(url: URL): string {
  return `${url.origin}${url.pathname}`
}
