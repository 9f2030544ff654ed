import { LIFECYCLE_PHASES, type Score } from '@holdfast/model'
import type { ScoreRow } from './scorecard.ts'

/** A score with its reason, by phase in their order: declare, observe, enforce, reconcile. */
type Scores = readonly [Told, Told, Told, Told]
type Told = readonly [score: Score, reason: string]

/** The scorecard as it ships (REC-13): by category, never by vendor, since no product fits one category. */
export const SCORECARD_DEFAULTS: readonly ScoreRow[] = [
  row('cspm', 'CSPM', 'reads the configuration of cloud accounts', [
    ['Partial', 'lists the cloud resources and roles that an agent is given, and none of what its process loads'],
    ['None', 'looks at configuration from time to time, and at nothing that runs'],
    ['None', 'tells of a setting that is too wide; no limit follows from what an agent does'],
    ['None', 'knows that a setting changed, and not whether behaviour did'],
  ]),
  row('cnapp', 'CNAPP', 'joins posture, images and identities of a cloud application', [
    ['Partial', 'knows images, packages and roles; models, prompts and tool definitions are outside its inventory'],
    ['Partial', 'sees cloud calls and some of what a workload runs, without the conversation that caused it'],
    ['Partial', 'proposes narrower roles from use; network and system calls are left to other tools'],
    ['None', 'has no record of why an agent acted, so a release and an attack look alike to it'],
  ]),
  row('cwpp', 'CWPP', 'protects hosts, containers and functions while they run', [
    ['Partial', 'lists processes and packages of a workload; the model and the tools behind it are not among them'],
    ['Partial', 'learns processes, files and connections of an image, not tools, prompts or authority of an agent'],
    ['Strong', 'blocks processes, files and connections on the host as they happen'],
    ['Partial', 'shows that a workload left its profile, and cannot tie that to an input or to a deploy'],
  ]),
  row('ebpf', 'generic eBPF', 'records and filters what the kernel sees', [
    ['None', 'sees processes and sockets, and nothing that says which agent, model or prompt they belong to'],
    ['Partial', 'has every system call and connection, with no context above them'],
    ['Strong', 'refuses system calls and connections in the kernel, by rules that somebody writes'],
    ['None', 'keeps events without their cause, so nothing can be explained by them later'],
  ]),
  row('cadr', 'AI-aware runtime CADR', 'detects and answers over application, identity and kernel at once', [
    ['Strong', 'takes the inventory from the running process: model, framework, tools, prompt as loaded'],
    ['Strong', 'keeps a profile for each Deployment over tools, data, identity, network and system calls'],
    ['Strong', 'makes limits of what was observed, each with its proof, and measures them before they bind'],
    ['Strong', 'ties each change and each violation to what caused it, from the input down to the kernel'],
  ]),
]

function row(id: string, name: string, tells: string, scores: Scores): ScoreRow {
  return {
    id,
    name,
    tells,
    // A tuple of as many as there are phases.
    cells: LIFECYCLE_PHASES.flatMap((phase, i) => {
      const told = scores[i]
      return told === undefined ? [] : [{ phase, score: told[0], reason: told[1] }]
    }),
  }
}
