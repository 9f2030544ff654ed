export { TestCgroup } from './test-cgroup.ts'
export { OUTSIDE, PORTS, TwoNetworks, type Arrived } from './two-networks.ts'
