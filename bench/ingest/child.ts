/** What the measured programs have in common: they say where they listen and answer questions on standard input. */

/** One line from the run to a measured program, and its one-line answer as JSON. */
export type Question = 'usage' | 'check' | 'end'

export type Usage = { readonly cpuSeconds: number; readonly peakRssBytes: number; readonly spans: number }

export type Checked = { readonly ok: boolean; readonly problem: string }

/** Bytes on disk once the program has closed its files. */
export type Ended = { readonly diskBytes: number }

export function serve(program: {
  readonly port: number
  readonly spans: () => number
  readonly check: () => Promise<Checked>
  readonly end: () => Promise<Ended>
}): void {
  say({ port: program.port })
  let rest = ''
  process.stdin.setEncoding('utf8')
  process.stdin.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      answer(program, line as Question).catch((error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      })
    }
  })
}

async function answer(program: Parameters<typeof serve>[0], question: Question): Promise<void> {
  switch (question) {
    case 'usage': {
      const { user, system } = process.cpuUsage()
      const usage: Usage = {
        cpuSeconds: (user + system) / 1e6,
        peakRssBytes: process.resourceUsage().maxRSS * 1024,
        spans: program.spans(),
      }
      return say(usage)
    }
    case 'check':
      return say(await program.check())
    case 'end':
      say(await program.end())
      process.exit(0)
  }
}

function say(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
