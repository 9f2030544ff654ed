import { chatSpan, requestSpan, toolSpan, type SimulatedExecution, type SimulatedSpan } from '../otlp-line.ts'
import type { Argument, Flow, Kit, Step } from './kits.ts'

/** How an agent stands at one moment: what releases made of it. */
export type Standing = {
  readonly model: string
  readonly principal: string
  /** Factor on what the model reads and writes. */
  readonly wordy: number
  /** Steps that a release added; each execution takes one of them as often as its share says. */
  readonly added: readonly { readonly step: Step; readonly share: number }[]
  /** Customers so far: there are more every few days. */
  readonly customers: number
}

export type With = { readonly random: () => number; readonly kit: Kit; readonly standing: Standing }

/** One execution of a flow, with the noise that work has. */
export function execute(at: number, flow: Flow, { random, kit, standing }: With): SimulatedExecution {
  const spans: SimulatedSpan[] = [thought(0, { random, standing, first: true })]
  const [least, most] = flow.repeats ?? [1, 1]
  const times = least + Math.floor(random() * (most - least + 1))
  const own = standing.added.filter(({ share }) => random() < share).map(({ step }) => step)
  const [head, ...tail] = flow.steps
  const steps = [
    ...Array.from({ length: times }, () => head).filter((step) => step !== undefined),
    ...own,
    ...tail.flatMap((step) => (kit.name === 'pipeline' ? Array.from({ length: times }, () => step) : [step])),
  ]
  for (const step of steps) spans.push(...taken(step, spans.length, { random, kit, standing }))
  if (kit.roams === true && random() < 0.35)
    spans.push(requestSpan(`${word(random)}-${word(random)}.example.net`, spans.length))
  return { at, spans }
}

/** Spans of one step: what it does, whom it asks, what the model makes of it. */
export function taken(
  step: Step,
  after: number,
  { random, kit, standing }: With,
  { rows = rowsOf(kit, random), argument }: { readonly rows?: number; readonly argument?: string } = {},
): readonly SimulatedSpan[] {
  const think = thought(after + 2, { random, standing, first: false })
  if (step.kind === 'search')
    return [
      {
        name: `retrieval ${step.source}`,
        attributes: {
          'gen_ai.operation.name': 'retrieval',
          'gen_ai.data_source.id': step.source,
          'gen_ai.retrieval.query.text': 'what applies here',
        },
        after,
        seconds: 0.2,
      },
      requestSpan(step.host, after + 1),
      think,
    ]
  const given = { [step.argument]: argument ?? valueOf(step.argument, { random, standing }) }
  const call = toolSpan(step.tool, given, after)
  const result = JSON.stringify(Array.from({ length: rows }, () => 0))
  return [
    { ...call, attributes: { ...call.attributes, 'gen_ai.tool.call.result': result } },
    requestSpan(step.host, after + 1),
    think,
  ]
}

function thought(
  after: number,
  { random, standing, first }: { readonly random: () => number; readonly standing: Standing; readonly first: boolean },
): SimulatedSpan {
  const span = chatSpan(standing.model, { after, random })
  // A long tail: one in forty conversations is much longer than the others.
  const factor = standing.wordy * (random() < 0.025 ? 2.5 : 1)
  return {
    ...span,
    attributes: {
      ...span.attributes,
      'gen_ai.usage.input_tokens': Math.round(Number(span.attributes['gen_ai.usage.input_tokens']) * factor),
      'gen_ai.usage.output_tokens': Math.round(Number(span.attributes['gen_ai.usage.output_tokens']) * factor),
      ...(first
        ? { 'holdfast.identity.principal': standing.principal, 'holdfast.identity.kind': 'service-account' }
        : {}),
    },
  }
}

function valueOf(
  argument: Argument,
  { random, standing }: { readonly random: () => number; readonly standing: Standing },
): string {
  switch (argument) {
    case 'customer':
      return `customer-${Math.floor(random() * standing.customers)}`
    case 'payee':
      return `payee-${Math.floor(random() * 40)}`
    case 'page':
      return `page-${1 + Math.floor(random() * 9)}`
    case 'name':
      return `${word(random)}-${Math.floor(random() * 1e6)}`
  }
}

function rowsOf(kit: Kit, random: () => number): number {
  return 1 + Math.floor(kit.rows * (0.3 + 0.7 * random()))
}

const WORDS =
  'amber birch cedar delta ember fjord grove haven inlet jetty knoll larch maple north ocean pearl quartz ridge slate tundra'.split(
    ' ',
  )

export function word(random: () => number): string {
  return WORDS[Math.floor(random() * WORDS.length)] ?? 'amber'
}
