import { onPostgres } from '../../testing/on-postgres.ts'

onPostgres(() => import('./road.test.ts'))
