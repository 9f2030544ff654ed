import { counted, judgeTool, parseToolPolicy, POLICY_TOOLS } from '@holdfast/model'
import type { ArtifactLine, Event, PolicyArtifact, PolicyJudgement, PolicyTool, ToolPolicy } from '@holdfast/model'
import { groundOf, makeArtifact } from '../artifact.ts'
import { admittedFacts, decisionsFor } from '../decisions.ts'
import { refusalOf } from '../eligible.ts'
import type { Generation, Generator, GeneratorFacts, ProfileFact, ToolFact } from '../generator.ts'
import { IDLE_TOOLS_NAMED, LEARNED_NAMES } from '../limits.ts'

/** The tools that `holdfast mcp --policy` lets an agent call: those that it was seen to call, as they were offered. */
export const mcpToolsGenerator: Generator = { kind: 'mcp-tools', generate, judge }

type Entry = { readonly tool: PolicyTool; readonly facts: readonly ProfileFact[]; readonly offered?: ToolFact }

function generate(facts: GeneratorFacts): Generation {
  const refusal = refusalOf(facts, 'mcp-tools')
  if (refusal !== undefined) return refusal
  const decisions = decisionsFor('mcp-tools', facts)
  const seen = admittedFacts(facts, decisions).filter(({ dimension }) => dimension === 'tool')
  const offered = facts.tools ?? []
  const entries = entriesOf(seen, offered, decisions.granularity.value === 'definition')
  if (entries.length === 0)
    return {
      status: 'refused',
      code: 'nothing-observed',
      reason: 'no tool of it was called often enough: a list of none would let it call nothing',
      missing: ['tool calls, as its telemetry or the MCP proxy has them'],
    }
  if (entries.length > POLICY_TOOLS)
    return {
      status: 'refused',
      code: 'too-large',
      reason: `it calls ${counted(entries.length, 'tool')}, and a list has ${POLICY_TOOLS}`,
      missing: [],
    }
  const document: ToolPolicy = { version: 1, tools: entries.map(({ tool }) => tool), default: 'deny' }
  const idle = offered.filter((tool) => !entries.some((entry) => isSame(entry.tool, tool)))
  return {
    status: 'made',
    artifact: makeArtifact('mcp-tools', facts, {
      document,
      lines: [DEFAULT_LINE, ...entries.map(lineOf), ...idle.slice(0, IDLE_TOOLS_NAMED).map(idleLine)],
      blindSpots: [
        'an allowed tool can be called with wrong data: arguments are not looked at',
        'tools that the agent runs in its own process, and servers that it reaches without the proxy, pass no list',
        ...(entries.some(({ tool }) => tool.definition === undefined)
          ? ['a tool of which no definition was seen whole is known by its name: its description may change']
          : []),
        ...(entries.some(({ tool }) => tool.server === undefined)
          ? [
              'a tool that was called without its server being told is let through of every server that has one of that name',
            ]
          : []),
        ...(entries.some(({ tool }) => tool.definition !== undefined)
          ? [
              'definitions are those that are offered last: who changed one before the list was made is in it, unless it was approved otherwise',
            ]
          : []),
        ...(idle.length > IDLE_TOOLS_NAMED
          ? [`${idle.length} offered tools are not listed; the lines name ${IDLE_TOOLS_NAMED}`]
          : []),
      ],
      effective: {
        narrows: true,
        reason:
          idle.length > 0
            ? `${idle.length} offered tools were never called and are kept out, and so is every tool that is added or changed`
            : 'all tools that are offered now are called; one that is added or changed is kept out',
        against: [],
      },
    }),
  }
}

const DEFAULT_LINE: ArtifactLine = {
  pointer: '/default',
  effect: 'deny',
  what: 'every other tool, and every other definition',
  because: 'default',
  reason: 'it is taken out of lists, and a call to it is answered with an error that cites this artifact',
  grounds: [],
}

/** One entry for a tool of a server. What was recorded without a server counts for the server that offers a tool of that name. */
function entriesOf(
  seen: readonly ProfileFact[],
  offered: readonly ToolFact[],
  byDefinition: boolean,
): readonly Entry[] {
  const entries = new Map<string, Entry>()
  const put = (tool: PolicyTool, fact: ProfileFact, from?: ToolFact): void => {
    const key = JSON.stringify([tool.name, tool.server ?? '', tool.definition ?? ''])
    const known = entries.get(key)
    entries.set(key, { tool, facts: [...(known?.facts ?? []), fact], ...(from === undefined ? {} : { offered: from }) })
  }
  for (const fact of seen) {
    const own = offered.filter(({ name, server }) => fact.key === name || fact.key === `${server ?? ''}/${name}`)
    for (const tool of own)
      put(
        {
          name: tool.name,
          ...(tool.server === undefined ? {} : { server: tool.server }),
          ...(byDefinition && tool.definition !== undefined ? { definition: tool.definition } : {}),
        },
        fact,
        tool,
      )
    if (own.length === 0) put(namedBy(fact.key), fact)
  }
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
}

/** `server/tool` as the profile writes it; the names of tools hold no slash, those of servers may. */
function namedBy(key: string): PolicyTool {
  const at = key.lastIndexOf('/')
  return at <= 0 || at === key.length - 1 ? { name: key } : { name: key.slice(at + 1), server: key.slice(0, at) }
}

function lineOf({ tool: { name, server, definition }, facts, offered }: Entry, at: number): ArtifactLine {
  const count = facts.reduce((sum, fact) => sum + fact.count, 0)
  const days = Math.max(...facts.map(({ daysSeen }) => daysSeen))
  const position = offered?.entries.at(-1)
  return {
    pointer: `/tools/${at}`,
    effect: 'allow',
    what: server === undefined ? name : `${server}/${name}`,
    because: 'observed',
    reason: [
      `called ${counted(count, 'time')} on ${counted(days, 'day')}`,
      definition === undefined
        ? 'no definition of it was seen whole'
        : `as it was offered${position === undefined ? '' : ` at position ${position} of the log`}`,
    ].join('; '),
    grounds: facts.map(groundOf),
  }
}

/** A tool that is offered and was never called: the list takes it away. */
function idleLine({ name, server, entries }: ToolFact): ArtifactLine {
  const [declaredBy] = entries
  return {
    pointer: '/default',
    effect: 'remove',
    what: server === undefined ? name : `${server}/${name}`,
    because: 'idle',
    reason: 'it is offered and was not called, or too seldom',
    grounds: [],
    ...(declaredBy === undefined ? {} : { declaredBy }),
  }
}

function isSame(listed: PolicyTool, offered: ToolFact): boolean {
  return listed.name === offered.name && (listed.server === undefined || listed.server === offered.server)
}

/** A definition as of a log position. */
type Offered = { readonly entry: number; readonly definition: string }

/**
 * What the list would do to a recorded call. The definitions that lists and definitions in the log tell of count from their own
 * position on, as the proxy learns them: a call of a tool that had changed by then is denied, and one from before is not.
 */
function judge({ document }: PolicyArtifact): (event: Event) => PolicyJudgement {
  const policy = parseToolPolicy(document)
  if ('fault' in policy) return () => ({ status: 'outside' })
  const definitions = new Map<string, Offered[]>()
  let learned = 0
  const learn = (entry: number, server: string | undefined, [name, definition]: readonly [string, string]): void => {
    if (server === undefined || learned >= LEARNED_NAMES) return
    const key = JSON.stringify([server, name])
    const own = definitions.get(key) ?? []
    const at = own.findLastIndex((one) => one.entry <= entry)
    // A list that offers what stands already tells nothing new.
    if (own[at]?.definition === definition) return
    learned += 1
    definitions.set(key, own.toSpliced(at + 1, 0, { entry, definition }))
  }
  return ({ body, entry }) => {
    if (body.kind === 'tool-definition' && body.definition !== undefined)
      learn(entry, body.server, [body.toolName, body.definition])
    if (body.kind === 'tool-catalogue')
      for (const { name, definition } of body.tools)
        if (definition !== undefined) learn(entry, body.server, [name, definition])
    if (body.kind !== 'tool-call') return { status: 'outside' }
    const { toolName: name, server } = body
    const offered = server === undefined ? undefined : definitions.get(JSON.stringify([server, name]))
    const definition = offered?.findLast((one) => one.entry <= entry)?.definition
    const { status, pointer } = judgeTool(policy, { name, server, definition })
    return { status, pointer, what: server === undefined ? name : `${server}/${name}` }
  }
}
