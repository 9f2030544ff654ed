import { expect, test } from 'vitest'
import { SENSITIVE_PATHS, sensitivePathName, sensitivePrefixes } from './sensitive-paths.ts'

test.each([
  ['/var/run/secrets/kubernetes.io/serviceaccount/token', 'service-account token'],
  ['/run/secrets/kubernetes.io/serviceaccount/token', 'service-account token'],
  ['/etc/shadow', 'password hashes'],
  ['/etc/shadow-', 'password hashes'],
  ['/proc/1/mem', 'memory of a process'],
  ['/proc/self/task/12/mem', 'memory of a process'],
  ['/proc/1/root/etc/passwd', 'root of another process'],
  ['/proc/1/ns/mnt', 'namespaces of a process'],
  ['/tmp/cgrp/release_agent', 'cgroup release agent'],
  ['/host/var/run/docker.sock', 'container engine socket'],
  ['/proc/sys/kernel/core_pattern', 'core dump handler'],
  ['/home/ann/.ssh/id_ed25519', 'SSH private key'],
])('%s is the %s', (path, name) => {
  expect(sensitivePathName(path)).toBe(name)
})

test.each([
  '/etc/passwd',
  '/proc/self/maps',
  '/proc/meminfo',
  '/proc/self/mem2',
  '/home/ann/.ssh/known_hosts',
  '',
  '/',
])('%s is nothing of the kind', (path) => {
  expect(sensitivePathName(path)).toBeUndefined()
})

test('every prefix is absolute and fits the key of the kernel map', () => {
  for (const { prefix } of SENSITIVE_PATHS) {
    expect(prefix.startsWith('/')).toBe(true)
    expect(prefix.length).toBeLessThan(64)
  }
})

test('the kernel is told of no prefix that half a file system begins with, and of the stars that it knows', () => {
  const prefixes = sensitivePrefixes()
  expect(new Set(prefixes).size).toBe(prefixes.length)
  for (const prefix of prefixes) {
    expect(prefix, prefix).toMatch(/^\/[^/]+\/.+|^\/dev\/.+/)
    if (prefix.includes('*')) expect(prefix).toMatch(/^\/(proc|home)\/\*\/[^*]+$/)
  }
  expect(prefixes).toContain('/proc/*/environ')
  expect(prefixes).toContain('/run/secrets/kubernetes.io/')
  expect(prefixes).not.toContain('/proc/')
  expect(prefixes).not.toContain('/sys/fs/cgroup/')
})
