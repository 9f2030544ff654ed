import { randomBytes, randomInt } from 'node:crypto'
import type { Answer, Body, DemoWire } from '@holdfast/api'
import {
  type DemoRecord,
  type DemoStory,
  formatRfc3339,
  isDemoAgent,
  type UnixNano,
  incidentNames,
} from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'
import type { ViewsClient } from '../views/client.ts'
import { DEMOS_SHOWN, INCIDENTS_READ, STEPS_PER_DEMO } from './limits.ts'

export type DemoSources = {
  readonly recorder: Pick<Recorder, 'appendControl' | 'eraseKey'>
  readonly reader: Pick<LogReader, 'agents' | 'controls'>
  readonly views: Pick<ViewsClient, 'ask'>
  readonly contentScope: { readonly dataClass: string; readonly retention: string }
  readonly clock: () => UnixNano
}

type Story = DemoWire['stories'][number]
type Demo = Omit<DemoWire, 'stories'> & { readonly stories: Map<string, Story>; steps: number }
type Removed = Answer<'removeDemo'>['removed'][number]
type Listed = Pick<Answer<'listIncidents'>['items'][number], 'id' | 'alsoKnownAs' | 'agents'>
type Left = { readonly demo: string } & Pick<Removal, 'agents' | 'incidents'> &
  Required<Pick<Removal, 'formerIncidents'>>
type Removal = Extract<DemoRecord['deed'], { do: 'removed' }>

/**
 * Demo data: which there is, how far its stories are, and its removal. Put together from records. Names that mark it are
 * drawn here, so that whoever begins a demo cannot name an agent that is none, to have it removed.
 */
export class Demos {
  readonly #sources: DemoSources
  readonly #standing = new Map<string, Demo>()
  readonly #removed: Removed[] = []
  readonly #removedStories: DemoStory[] = []
  readonly #removedIncidents = new Set<string>()
  #hasOwnAgents = false
  #removing: Answer<'getDemo'>['removing']
  /** One removal at a time: a second would find keys that the first is destroying. */
  #removal: Promise<unknown> = Promise.resolve()

  constructor(sources: DemoSources) {
    this.#sources = sources
    for (const { record, index, recordedAt } of sources.reader.controls('demo'))
      this.#take(record, { index, at: formatRfc3339(recordedAt) })
  }

  answer(): Answer<'getDemo'> {
    return {
      items: this.#items(),
      removed: this.#removed.slice(-DEMOS_SHOWN).toReversed(),
      hasOwnAgents: this.#heardOwn(),
      ...(this.#removing === undefined ? {} : { removing: this.#removing }),
    }
  }

  #items(): DemoWire[] {
    const heard = this.#sources.reader.agents().map(({ agent }) => agent)
    return [...this.#standing.values()].toReversed().map((demo) => {
      const { stories, ...wire } = wireOf(demo)
      return { ...wire, stories: stories.map((story) => withAgent(story, heard)) }
    })
  }

  /** True of an agent of a demo that was removed: no list has it. */
  isRemoved(agent: string): boolean {
    return this.#removedStories.length > 0 && isDemoAgent(this.#removedStories, agent)
  }

  /** True of an incident of a demo that was removed. */
  isRemovedIncident(incident: string): boolean {
    return this.#removedIncidents.has(incident)
  }

  async begin({ stories: names }: Body<'beginDemo'>, by: string): Promise<DemoWire> {
    const id = randomBytes(3).toString('hex')
    const stories = [...new Set(names)].map((name) => ({ name, cluster: `${name}-${id}`, account: drawAccount() }))
    await this.#record({ demo: id, by, deed: { do: 'began', stories } })
    const demo = this.#standing.get(id)
    // What was just recorded is there, unless it was removed in the same moment.
    if (demo === undefined) throw new HttpError(409, `demo ${id} was removed as it began`)
    return wireOf(demo)
  }

  async tell(
    { demo, story }: { readonly demo: string; readonly story: string },
    { state, detail, incident, ended }: Body<'tellDemo'>,
    by: string,
  ): Promise<Answer<'tellDemo'>> {
    const standing = this.#standing.get(demo)
    if (standing?.stories.has(story) !== true) throw new HttpError(404, `no demo "${demo}" has a story "${story}"`)
    if (standing.steps >= STEPS_PER_DEMO) throw new HttpError(429, `demo ${demo} has said ${STEPS_PER_DEMO} steps`)
    const more = { ...(incident === undefined ? {} : { incident }), ...(ended === undefined ? {} : { ended }) }
    return this.#record({ demo, by, deed: { do: 'story', story, state, detail, ...more } })
  }

  /** Destroys the content keys of every agent of every demo, then records that; the views are put together without them. */
  remove(by: string): Promise<readonly Removed[]> {
    const removal = this.#removal.then(() => this.#removeAll(by))
    this.#removal = removal.catch(() => undefined)
    return removal
  }

  async #removeAll(by: string): Promise<readonly Removed[]> {
    const demos = [...this.#standing.values()]
    if (demos.length === 0) throw new HttpError(404, 'there is no demo data to remove')
    const before = this.#removed.length
    const listed = await this.#listed()
    const left = demos.map((demo) => this.#leftOf(demo, listed))
    const of = left.reduce((sum, { agents }) => sum + agents.length, 0)
    this.#removing = { agents: 0, of }
    try {
      for (const one of left) await this.#removeOne(one, by)
    } finally {
      this.#removing = undefined
    }
    return this.#removed.slice(before)
  }

  async #removeOne({ demo, agents, incidents, formerIncidents }: Left, by: string): Promise<void> {
    const { recorder, contentScope } = this.#sources
    const erased = { entries: 0, keys: 0 }
    for (const agent of agents) {
      const { entries, keys } = await recorder.eraseKey({ agent, ...contentScope }, { by, reason: `demo ${demo}` })
      erased.entries += entries
      erased.keys += keys
      if (this.#removing !== undefined) this.#removing = { ...this.#removing, agents: this.#removing.agents + 1 }
    }
    await this.#record({ demo, by, deed: { do: 'removed', agents, incidents, formerIncidents, ...erased } })
  }

  /** What there is of a demo, among incidents that were listed before the first of several was removed. */
  #leftOf({ id, stories: told }: Demo, listed: readonly Listed[]): Left {
    const stories = [...told.values()]
    const agents = this.#sources.reader.agents().flatMap(({ agent }) => (isDemoAgent(stories, agent) ? [agent] : []))
    const own = listed.filter((incident) => incident.agents.some((agent) => isDemoAgent(stories, agent)))
    const incidents = own.map((incident) => incident.id)
    return { demo: id, agents, incidents, formerIncidents: own.flatMap((incident) => incidentNames(incident).slice(1)) }
  }

  /** Asked once for all demos: with the record of the first removal the views are folded anew, and list none until they are. */
  async #listed(): Promise<readonly Listed[]> {
    const query = { outcome: 'all', limit: INCIDENTS_READ } as const
    // The route's own answer.
    const { items } = JSON.parse(await this.#sources.views.ask('listIncidents', { query })) as Answer<'listIncidents'>
    return items
  }

  async #record(record: DemoRecord): Promise<{ readonly entry: number }> {
    const { recorder, clock } = this.#sources
    const at = formatRfc3339(clock())
    const { from: entry } = await recorder.appendControl({ kind: 'demo', ...record })
    this.#take(record, { index: entry, at })
    return { entry }
  }

  #take({ demo: id, by, deed }: DemoRecord, { index, at }: { readonly index: number; readonly at: string }): void {
    const demo = this.#standing.get(id)
    switch (deed.do) {
      case 'began': {
        const stories = deed.stories.map((story): [string, Story] => [
          story.name,
          { ...story, state: 'waiting', detail: '', since: at },
        ])
        this.#standing.set(id, { id, beganAt: at, by, entry: index, stories: new Map(stories), steps: 0 })
        return
      }
      case 'story': {
        const story = demo?.stories.get(deed.story)
        if (demo === undefined || story === undefined) return
        const { state, detail, incident = story.incident, ended = story.ended } = deed
        demo.steps += 1
        demo.stories.set(story.name, {
          ...story,
          state,
          detail,
          since: at,
          ...(incident === undefined ? {} : { incident }),
          ...(ended === undefined ? {} : { ended }),
        })
        return
      }
      case 'removed':
        if (demo === undefined) return
        this.#standing.delete(id)
        this.#removedStories.push(...demo.stories.values())
        for (const incident of [...deed.incidents, ...(deed.formerIncidents ?? [])])
          this.#removedIncidents.add(incident)
        this.#removed.push(removedOf(deed, { id, at, by, entry: index }))
    }
  }

  /** Looked for until one is found: from then on there is one. */
  #heardOwn(): boolean {
    const stories = [...this.#standing.values()].flatMap((demo) => [...demo.stories.values()])
    this.#hasOwnAgents ||= this.#sources.reader
      .agents()
      .some(
        ({ agent, channels }) =>
          channels.some((channel) => AGENT_CHANNELS.has(channel)) &&
          !isDemoAgent(stories, agent) &&
          !this.isRemoved(agent),
      )
    return this.#hasOwnAgents
  }
}

/** By which agents are heard themselves: what an authority or a kernel says of somebody is no first span. */
const AGENT_CHANNELS: ReadonlySet<string> = new Set(['otlp', 'import', 'mcp-proxy', 'llm-proxy', 'tls'])

function wireOf({ id, beganAt, by, entry, stories }: Demo): DemoWire {
  return { id, beganAt, by, entry, stories: [...stories.values()] }
}

function withAgent(story: Story, heard: readonly string[]): Story {
  const agent = heard.find((one) => one.startsWith(`k8s:${story.cluster}/`))
  return agent === undefined ? story : { ...story, agent }
}

function removedOf(
  { agents, incidents, entries, keys }: Removal,
  record: Pick<Removed, 'id' | 'at' | 'by' | 'entry'>,
): Removed {
  return { ...record, agents: agents.length, incidents: incidents.length, entries, keys }
}

/** Twelve digits, as accounts of AWS have them. */
function drawAccount(): string {
  return Array.from({ length: 12 }, () => randomInt(10)).join('')
}
