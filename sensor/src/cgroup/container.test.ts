import { expect, test } from 'vitest'
import { containerOf } from './container.ts'

const ID = '0123456789abcdef'.repeat(4)
const POD = '11112222-3333-4444-5555-666677778888'

test.each([
  [`system.slice/docker-${ID}.scope`, { id: ID, runtime: 'docker' }],
  [`docker/${ID}`, { id: ID, runtime: 'docker' }],
  [`docker/${ID}/init`, { id: ID, runtime: 'docker' }],
  [
    `kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${POD.replaceAll('-', '_')}.slice/cri-containerd-${ID}.scope`,
    { id: ID, runtime: 'containerd', podUid: POD },
  ],
  [`kubepods/besteffort/pod${POD}/${ID}`, { id: ID, runtime: 'containerd', podUid: POD }],
  [
    `kubepods.slice/kubepods-pod${POD.replaceAll('-', '_')}.slice/crio-${ID}.scope/container`,
    { id: ID, runtime: 'cri-o', podUid: POD },
  ],
  [`machine.slice/libpod-${ID}.scope`, { id: ID, runtime: 'podman' }],
  [
    `user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/container`,
    { id: ID, runtime: 'podman' },
  ],
  ['system.slice/runc-web_1.scope', { id: 'web_1', runtime: 'runc' }],
  ['user.slice/crun-job.scope', { id: 'job', runtime: 'crun' }],
  [`docker/${ID}/docker/${ID.replaceAll('0', 'f')}`, { id: ID.replaceAll('0', 'f'), runtime: 'docker' }],
  // A whole cluster in a container.
  [`docker/${ID.replaceAll('0', 'f')}/kubepods/pod${POD}/${ID}`, { id: ID, runtime: 'containerd', podUid: POD }],
  // What runs in a pod made folders with the names of another.
  [
    `kubepods/pod${POD}/${ID}/kubepods/pod${POD.replaceAll('1', '9')}/${ID.replaceAll('0', 'f')}`,
    { id: ID, runtime: 'containerd', podUid: POD },
  ],
])('%s is a container', (path, expected) => {
  expect(containerOf(path)).toEqual(expected)
})

test.each([
  '',
  '/',
  'system.slice/ssh.service',
  `machine.slice/libpod-conmon-${ID}.scope`,
  'holdfast/run-1',
  `crio-conmon-${ID}.scope`,
])('%j is none', (path) => {
  expect(containerOf(path)).toBeUndefined()
})
