import Users from '@lucide/svelte/icons/users'

/** In the rail. */
export const place = { title: 'Ensemble', icon: Users, order: 2 }
