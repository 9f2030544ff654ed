import type { Event, ProcessKey } from '@holdfast/model'
import { MAX_ANCESTORS, MAX_PROCESSES, MAX_WRITTEN_PATHS } from './limits.ts'

/** What is known of one process of an agent, at the moment that has been read up to. */
export type ProcessState = {
  readonly key: ProcessKey
  readonly tree: Tree
  readonly parent: ProcessState | undefined
  /** Program that it runs now. */
  binary: string
  arguments: string
  uid: number | undefined
  /** It is in a user namespace that its own tree made: what it may there, it may not outside. */
  hasOwnUsers: boolean
  /** It is in a mount namespace that its own tree made. */
  hasOwnMounts: boolean
  children: number
  /** The first connection that it made to an address outside of private networks. */
  remote: Event | undefined
  /** Times that it, or what it comes from, changed its root. */
  chroots: number
}

/** Processes that come from one; what one of them writes, another may run. */
export type Tree = {
  readonly root: ProcessKey
  readonly written: Set<string>
}

/**
 * Who comes from whom among the processes of one agent, folded event by event in order of time. A process that nobody
 * was seen to start is the root of a tree of its own.
 */
export class ProcessTrees {
  readonly #processes = new Map<ProcessKey, ProcessState>()
  /** The latest of each pid, as the host counts. */
  readonly #byPid = new Map<string, ProcessState>()
  /** Children of `clone` by parent and pid, before anything else is known of them. */
  readonly #cloned = new Map<string, OwnNamespaces>()

  /** The process that acted; undefined where the event names none. */
  of({ context }: Event): ProcessState | undefined {
    const { process, parentProcess } = context
    return process === undefined ? undefined : this.#get(process, parentProcess)
  }

  fork(parent: ProcessState, child: ProcessKey): void {
    parent.children += 1
    this.#get(child, parent.key)
  }

  /** A child that was made into namespaces of its own: named by pid alone, as `clone` returns it. */
  cloneInto(parent: ProcessState, pid: string, own: OwnNamespaces): void {
    const known = this.#byPid.get(pid)
    if (known !== undefined && known.parent === parent) inherit(known, own)
    else if (this.#cloned.size < MAX_PROCESSES) this.#cloned.set(`${parent.key} ${pid}`, own)
  }

  /** Whether a process of this agent has that pid, as the host counts. */
  hasPid(pid: string): boolean {
    return this.#byPid.has(pid)
  }

  #get(key: ProcessKey, parentKey: ProcessKey | undefined): ProcessState {
    const known = this.#processes.get(key)
    if (known !== undefined) return known
    const parent = parentKey === undefined ? undefined : this.#processes.get(parentKey)
    const state = fresh(key, parent)
    const pid = pidOf(key)
    const born = `${parentKey} ${pid}`
    const cloned = this.#cloned.get(born)
    if (cloned !== undefined) inherit(state, cloned)
    this.#cloned.delete(born)
    if (this.#processes.size < MAX_PROCESSES) {
      this.#processes.set(key, state)
      if (pid !== undefined) this.#byPid.set(pid, state)
    }
    return state
  }
}

/** Namespaces that a tree made for itself. */
type OwnNamespaces = { readonly users: boolean; readonly mounts: boolean }

export function inherit(state: ProcessState, { users, mounts }: OwnNamespaces): void {
  state.hasOwnUsers ||= users
  state.hasOwnMounts ||= mounts
}

/** Remembers a path that the tree wrote. */
export function noteWritten({ written }: Tree, path: string): void {
  if (written.size < MAX_WRITTEN_PATHS) written.add(path)
}

/** The process and those that it comes from, nearest first. */
export function lineage(process: ProcessState): readonly ProcessState[] {
  const line: ProcessState[] = []
  for (let one: ProcessState | undefined = process; one !== undefined && line.length < MAX_ANCESTORS; one = one.parent)
    line.push(one)
  return line
}

/** Pid of a key of our own sensor; other sensors name processes otherwise. */
function pidOf(key: ProcessKey): string | undefined {
  return /^[0-9a-f]{8}\.(\d{1,10})\.\d{1,20}$/.exec(key)?.[1]
}

function fresh(key: ProcessKey, parent: ProcessState | undefined): ProcessState {
  return {
    key,
    tree: parent?.tree ?? { root: key, written: new Set() },
    parent,
    binary: parent?.binary ?? '',
    arguments: parent?.arguments ?? '',
    uid: parent?.uid,
    hasOwnUsers: parent?.hasOwnUsers ?? false,
    hasOwnMounts: parent?.hasOwnMounts ?? false,
    children: 0,
    remote: undefined,
    chroots: parent?.chroots ?? 0,
  }
}
