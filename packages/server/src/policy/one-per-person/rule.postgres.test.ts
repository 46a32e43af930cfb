import { onPostgres } from '../../testing/on-postgres.ts'

onPostgres(() => import('./rule.test.ts'))
