import type { Content, Event, KernelBody, ProcessKey, Signal } from '@holdfast/model'
import type { Finding } from './findings.ts'
import { Findings, onceInOrder } from './findings.ts'
import { actRule } from './kernel-act-rules.ts'
import type { Around, Rule } from './kernel-act-rules.ts'
import type { KernelAct } from './kernel-details.ts'
import { EscapeChain } from './kernel-chain.ts'
import { fileRule, isSecretRead, sharedFileRule } from './kernel-file-rules.ts'
import { callRules, connectionRule, execRule, isOutside, shellRule } from './kernel-process-rules.ts'
import { inherit, noteWritten, ProcessTrees } from './process-trees.ts'
import type { ProcessState } from './process-trees.ts'

/**
 * Indicators of runtime execution escape in what a kernel saw: our sensor, Tetragon or Falco, which give the same events.
 * Pure, and the same for any order of arrival. What a container runtime does while it sets a container up says nothing,
 * and neither does what a tree does inside of a user namespace of its own. `contextOf` gives what is known of an agent.
 * Signals come agent by agent, in order of claimed time.
 */
export function kernelSignals(
  events: readonly Event[],
  contextOf: (agent: Event['agent']['id']) => KernelContext = () => ({}),
): readonly Signal[] {
  const agents = Map.groupBy(events, ({ agent }) => agent.id)
  return [...agents.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([agent, own]) => new Watch(own, contextOf(agent)).signals())
}

type FileBody = Extract<KernelBody<Content>, { readonly kind: 'file' }>
type ConnectionBody = Extract<KernelBody<Content>, { readonly kind: 'connection' }>
type ProcessBody = Extract<KernelBody<Content>, { readonly kind: 'process' }>

/** What an agent is known to do: absent where there is no profile, and then nothing is unexpected. */
export type KernelContext = {
  /** True for what a call did that the owner ordered by name: that a program is new says nothing then. */
  readonly isOrdered?: (event: Event) => boolean
  readonly knowsProgram?: (binary: string, claimedAt: bigint) => boolean
  /** It went there before, or a recorded change says that it may. */
  readonly knowsDestination?: (connection: Event) => boolean
  /** It wrote this file, or beside it, before; undefined where nobody looked at its files. */
  readonly knowsWrite?: (write: Event) => boolean
  /** Other agents that are known to use files of the same folder: a volume that they share. */
  readonly othersAt?: (path: string) => readonly string[]
}

/** All that is known of the processes of one agent. */
class Watch {
  readonly #findings = new Findings('kernel')
  readonly #trees = new ProcessTrees()
  readonly #chains = new Map<ProcessKey, EscapeChain>()
  readonly #ahead: Ahead
  readonly #context: KernelContext

  constructor(unordered: readonly Event[], context: KernelContext) {
    this.#context = context
    const events = onceInOrder(unordered.filter(({ context }) => context.isSetup !== true))
    this.#ahead = aheadOf(events)
    for (const event of events) this.#see(event)
  }

  signals(): readonly Signal[] {
    for (const [root, chain] of this.#chains) {
      const found = chain.finding()
      if (found !== undefined) this.#findings.add(root, found.finding, found.events)
    }
    return this.#findings.signals()
  }

  #see(event: Event): void {
    const { body } = event
    if (body.kind === 'kernel') this.#act(event, body)
    else if (body.kind === 'file') this.#file(event, body)
    else if (body.kind === 'connection') this.#connection(event, body)
    else if (body.kind === 'process') this.#program(event, body)
    else if (body.kind === 'syscall-set') for (const rule of callRules(body.calls)) this.#note(event, undefined, rule)
  }

  #file(event: Event, body: FileBody): void {
    const process = this.#trees.of(event)
    this.#note(
      event,
      process,
      fileRule(body, this.#around(event, process)) ?? sharedFileRule(event, body, this.#context),
    )
    if (process === undefined) return
    if (isSecretRead(body)) this.#chainOf(process).note('secret', event)
    if (body.action !== 'read' && body.action !== 'unlink') noteWritten(process.tree, body.to ?? body.path)
  }

  #connection(event: Event, body: ConnectionBody): void {
    const process = this.#trees.of(event)
    this.#note(event, process, connectionRule(body, process))
    const address = body.remote?.address ?? ''
    if (process === undefined || body.action !== 'connect' || !isOutside(address)) return
    process.remote ??= event
    if (this.#context.knowsDestination?.(event) === true || this.#context.isOrdered?.(event) === true) return
    this.#chainOf(process).connected(address, event)
  }

  #act(event: Event, body: KernelAct): void {
    const process = this.#trees.of(event)
    this.#note(event, process, actRule(body, this.#around(event, process)))
    if (process === undefined || body.result < 0) return
    const flags = body.details['flags'] ?? body.target
    const own = { users: /CLONE_NEWUSER/.test(flags), mounts: /CLONE_NEWNS/.test(flags) }
    if (body.action === 'unshare') inherit(process, own)
    if (body.action === 'clone-ns') this.#trees.cloneInto(process, body.details['child'] ?? `${body.result}`, own)
    if (body.action === 'chroot') process.chroots += 1
  }

  #program(event: Event, body: ProcessBody): void {
    const process = this.#trees.of(event)
    if (process === undefined) return
    if (body.action === 'fork') this.#trees.fork(process, body.child)
    if (body.action !== 'exec' && body.action !== 'exec-failed') return
    const isUnexpected =
      this.#context.knowsProgram?.(body.binary, event.claimedAt) === false && this.#context.isOrdered?.(event) !== true
    this.#note(event, process, execRule(body, process) ?? (isUnexpected ? shellRule(body, process) : undefined))
    if (body.action !== 'exec') return
    const text = 'text' in body.arguments ? body.arguments.text : ''
    const isGenerated =
      body.fileless !== undefined ||
      process.tree.written.has(body.binary) ||
      text.split(' ', 8).some((word) => word.startsWith('/') && process.tree.written.has(word))
    if (isGenerated) this.#chainOf(process).note('generated-code', event)
    process.binary = body.binary
    process.uid = body.uid
    process.remote = undefined
  }

  #note(event: Event, process: ProcessState | undefined, rule: Rule | undefined): void {
    if (rule === undefined) return
    // What a rule says begins with what was done.
    const finding: Finding = { surface: 'S2', speaksFor: 'runtime-execution-escape', ...rule, title: rule.words }
    this.#findings.add(process?.tree.root ?? event.context.session ?? '-', finding, [event])
    if (process !== undefined && rule.strength >= BOUNDARY && !NO_BOUNDARY.has(rule.detector))
      this.#chainOf(process).note('boundary', event)
  }

  #around({ claimedAt }: Event, process: ProcessState | undefined): Around {
    const changesRoot = process !== undefined && this.#ahead.rootChanged.has(process.key)
    return {
      process,
      isOwnPid: (pid) => this.#trees.hasPid(pid),
      changesRoot,
      buildsSandbox: changesRoot && (process?.hasOwnMounts === true || process?.hasOwnUsers === true),
      runsProgramAfter: process !== undefined && (this.#ahead.lastProgram.get(process.key) ?? 0n) > claimedAt,
    }
  }

  #chainOf({ tree: { root } }: ProcessState): EscapeChain {
    const chain = this.#chains.get(root) ?? new EscapeChain()
    this.#chains.set(root, chain)
    return chain
  }
}

/** An indicator that makes a chain by itself reached past the container. */
const BOUNDARY = 0.5

/** These run code, take a credential or prepare for more: of the stages before, or none of the chain. */
const NO_BOUNDARY: ReadonlySet<string> = new Set([
  'kernel/fileless',
  'kernel/disguised',
  'kernel/unexpected-shell',
  'kernel/reverse-connection',
  'kernel/secret-read',
  'kernel/metadata',
  'kernel/raw-socket',
  'kernel/vsock',
  'kernel/foreign-calls',
  'kernel/set-id-file',
  'kernel/planted',
])

/** What comes later in the recording and tells a sandbox from an escape. */
type Ahead = {
  readonly rootChanged: ReadonlySet<ProcessKey>
  /** Claimed time of the last program that a process, or a child of it, began. */
  readonly lastProgram: ReadonlyMap<ProcessKey, bigint>
}

function aheadOf(events: readonly Event[]): Ahead {
  const rootChanged = new Set<ProcessKey>()
  const lastProgram = new Map<ProcessKey, bigint>()
  for (const { body, context, claimedAt } of events) {
    if (context.process === undefined) continue
    if (body.kind === 'kernel' && body.action === 'pivot-root' && body.result >= 0) {
      rootChanged.add(context.process)
      if (context.parentProcess !== undefined) rootChanged.add(context.parentProcess)
    }
    if (body.kind !== 'process' || body.action !== 'exec') continue
    lastProgram.set(context.process, claimedAt)
    if (context.parentProcess !== undefined) lastProgram.set(context.parentProcess, claimedAt)
  }
  return { rootChanged, lastProgram }
}
