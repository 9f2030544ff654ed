/**
 * Says whether a network of its own can be made here, which the watched acts of the incidents run in: `node
 * --conditions=@holdfast/source scenarios/src/incidents/network/main.ts`. One JSON document, `{"obstacle": null}` or what is in the
 * way and what mends it. Exit code 0 either way; it changes nothing.
 */
import { networkObstacle } from './network-obstacle.ts'

process.stdout.write(`${JSON.stringify({ obstacle: networkObstacle() ?? null })}\n`)
