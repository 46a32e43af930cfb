/** Routes after one that always holds are never taken. */
import { type LintRule, warning } from './finding.ts'

export const unreachableRoutes: LintRule = function* ({ definition }) {
  const routes = definition.routes ?? []
  const always = routes.findIndex(({ when }) => when === undefined || when === true)
  if (always < 0) {
    if (routes.length > 0) yield warning('route.noDefault', '/routes')
    return
  }
  for (const [i, { to }] of routes.entries()) if (i > always) yield warning('route.unreachable', `/routes/${i}`, { to })
}
