import { pick } from './random.ts'
import { chatSpan, requestSpan, toolSpan, type SimulatedExecution, type SimulatedSpan } from './otlp-line.ts'

const MODEL = 'gpt-4.1-mini'

/** A support desk that does the same few things every day, in the same shares. */
export function supportExecution(at: number, random: () => number): SimulatedExecution {
  const spans: SimulatedSpan[] = [chatSpan(MODEL, { after: 0, random })]
  const add = (tool: string, given: object): void => void spans.push(toolSpan(tool, given, spans.length * 2))
  add('get_ticket', { ticket: `T-${Math.floor(random() * 1e6)}` })
  if (random() < 0.7) {
    add('search_handbook', { query: 'how do refunds work for opened goods' })
    spans.push(requestSpan('search.internal.example.com', spans.length * 2))
  }
  const end = pick(random, [
    ['reply', 80],
    ['escalate', 15],
    ['close', 5],
  ])
  if (end === 'reply')
    add('reply_ticket', { ticket: `T-${Math.floor(random() * 1e6)}`, text: 'Thank you for your patience.' })
  else if (end === 'escalate') add('escalate_ticket', { ticket: `T-${Math.floor(random() * 1e6)}`, urgent: true })
  else add('close_ticket', { ticket: `T-${Math.floor(random() * 1e6)}` })
  spans.push(requestSpan('desk.internal.example.com', spans.length * 2))
  return { at, spans }
}

const WORDS =
  'amber birch cedar delta ember fjord grove haven inlet jetty knoll larch maple north ocean pearl quartz ridge slate tundra'.split(
    ' ',
  )

/** An agent that runs code for others: a third of what it fetches is new every day, for as long as it runs. */
export function codeExecution(at: number, random: () => number): SimulatedExecution {
  const word = (): string => WORDS[Math.floor(random() * WORDS.length)] ?? 'amber'
  const host = random() < 0.35 ? `${word()}-${word()}-${word()}.example.net` : 'pypi.org'
  return {
    at,
    spans: [
      chatSpan('gpt-4.1', { after: 0, random }),
      toolSpan('run_python', { code: `import ${word()}\nprint(${word()}.${word()}())` }, 2),
      requestSpan(host, 4),
      ...(random() < 0.5 ? [toolSpan('read_file', { path: '/workspace/data.csv' }, 6)] : []),
    ],
  }
}
