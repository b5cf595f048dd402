import ChartScatter from '@lucide/svelte/icons/chart-scatter'

/** In the rail. */
export const place = { title: 'Manifold', icon: ChartScatter, order: 1 }
