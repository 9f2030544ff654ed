import { agentIdOf } from '@holdfast/model'
import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { workloadOf } from '../tetragon/event.ts'
import { timeStated } from './stated-change.ts'
import type { ChangeReading, StatedChange } from './stated-change.ts'

const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'])

/**
 * One event of a Kubernetes watch, `{type, object}`: a workload (its revision, images and replicas, restated whenever the
 * object is written, so that one `changeId` is one change), a pod that starts, ends or restarts, or the controller's own
 * event of scaling, which alone says from where to where.
 */
export function readKubernetesChange(json: Json): ChangeReading | undefined {
  const type = textField(json, 'type')
  const object = field(json, 'object')
  const kind = textField(object, 'kind')
  if (type === undefined || !/^(ADDED|MODIFIED|DELETED)$/.test(type) || kind === undefined) return undefined
  if (WORKLOADS.has(kind)) return workloadChange(object, kind)
  if (kind === 'Pod') return podChange(object, type)
  return kind === 'Event' ? scalingChange(object) : undefined
}

function workloadChange(object: Json | undefined, kind: string): ChangeReading | undefined {
  const meta = field(object, 'metadata')
  const name = textField(meta, 'name')
  if (name === undefined) return undefined
  const uid = textField(meta, 'uid') ?? name
  const spec = field(object, 'spec')
  const revision =
    textField(field(meta, 'annotations'), 'deployment.kubernetes.io/revision') ??
    textField(field(object, 'status'), 'updateRevision')
  const subject = `${kind.toLowerCase()}/${textField(meta, 'namespace') ?? 'default'}/${name}`
  const replicas = field(spec, 'replicas')
  const containers = field(field(field(spec, 'template'), 'spec'), 'containers')
  const images = (isJsonArray(containers) ? containers : []).flatMap((container): readonly StatedChange[] => {
    const image = textField(container, 'image')
    if (image === undefined) return []
    const label = `${subject}/${textField(container, 'name') ?? '-'}`
    return [{ change: 'image', subject: label, to: image, changeId: `${uid}/image/${image}` }]
  })
  const conditions = field(field(object, 'status'), 'conditions')
  const moved = isJsonArray(conditions)
    ? conditions.find((condition) => textField(condition, 'type') === 'Progressing')
    : undefined
  return {
    dialect: 'kubernetes',
    tier: 'provider',
    at: timeStated(textField(moved, 'lastUpdateTime'), textField(meta, 'creationTimestamp')),
    agent: agentOf(meta, name),
    changes: [
      ...(revision === undefined
        ? []
        : [
            { change: 'deploy' as const, subject, to: `revision ${revision}`, changeId: `${uid}/revision/${revision}` },
          ]),
      ...images,
      ...(typeof replicas === 'number'
        ? [
            {
              change: 'replicas' as const,
              subject,
              to: `${replicas}`,
              changeId: `${uid}/${numberOf(meta, 'generation')}`,
            },
          ]
        : []),
    ],
  }
}

function podChange(object: Json | undefined, type: string): ChangeReading | undefined {
  const meta = field(object, 'metadata')
  const name = textField(meta, 'name')
  if (name === undefined) return undefined
  const status = field(object, 'status')
  const subject = `pod/${textField(meta, 'namespace') ?? 'default'}/${name}`
  const uid = textField(meta, 'uid') ?? name
  const statuses = field(status, 'containerStatuses')
  const restarted = (isJsonArray(statuses) ? statuses : []).flatMap((container): readonly StatedChange[] => {
    const count = field(container, 'restartCount')
    if (typeof count !== 'number' || count === 0) return []
    const label = `${subject}/${textField(container, 'name') ?? '-'}`
    return [{ change: 'restart', subject: label, to: `restart ${count}`, changeId: `${uid}/${label}/${count}` }]
  })
  const began: StatedChange = { change: 'restart', subject, to: 'started', changeId: `${uid}/started` }
  const ended: StatedChange = { change: 'restart', subject, to: 'ended', changeId: `${uid}/ended` }
  return {
    dialect: 'kubernetes',
    tier: 'provider',
    at: timeStated(
      ...(type === 'DELETED' ? [textField(meta, 'deletionTimestamp')] : []),
      textField(status, 'startTime'),
      textField(meta, 'creationTimestamp'),
    ),
    agent: agentOf(meta, controllerOf(meta) ?? workloadOf(name) ?? name),
    changes: type === 'ADDED' ? [began] : type === 'DELETED' ? [ended] : restarted,
  }
}

/** The controller's words: `Scaled up replica set shop-56f8fc6988 to 3 from 1`. */
function scalingChange(object: Json | undefined): ChangeReading | undefined {
  const involved = field(object, 'involvedObject', 'regarding')
  const name = textField(involved, 'name')
  const kind = textField(involved, 'kind')
  if (name === undefined || kind === undefined || !WORKLOADS.has(kind)) return undefined
  const message = textField(object, 'message', 'note') ?? ''
  const scaled = /^Scaled (?:up|down) replica set \S{1,260} (?:from \d{1,9} )?to (\d{1,9})(?: from (\d{1,9}))?$/.exec(
    message,
  )
  const to = scaled?.[1]
  const from = scaled?.[2] ?? / from (\d{1,9}) to /.exec(message)?.[1]
  const namespace = textField(involved, 'namespace') ?? 'default'
  const changeId = textField(field(object, 'metadata'), 'uid')
  return {
    dialect: 'kubernetes',
    tier: 'provider',
    at: timeStated(textField(object, 'eventTime'), textField(object, 'lastTimestamp')),
    agent: agentOf(involved, name),
    changes:
      to === undefined
        ? []
        : [
            {
              change: 'replicas',
              subject: `${kind.toLowerCase()}/${namespace}/${name}`,
              to,
              ...(from === undefined ? {} : { from }),
              ...(changeId === undefined ? {} : { changeId }),
            },
          ],
  }
}

/** `shop-56f8fc6988` is a ReplicaSet of the Deployment `shop`. */
function controllerOf(meta: Json | undefined): string | undefined {
  const owners = field(meta, 'ownerReferences')
  const owner = isJsonArray(owners) ? owners[0] : undefined
  const name = textField(owner, 'name')
  return textField(owner, 'kind') === 'ReplicaSet' ? name?.replace(/-[a-f0-9]{6,10}$/, '') : name
}

/** A watch does not say of which cluster it is. */
function agentOf(meta: Json | undefined, workload: string): ChangeReading['agent'] {
  const namespace = textField(meta, 'namespace') ?? 'default'
  return { id: agentIdOf({ kind: 'k8s', namespace, workload }), name: workload }
}

function numberOf(object: Json | undefined, name: string): string {
  const value = field(object, name)
  return typeof value === 'number' ? `${value}` : '-'
}
