/** Ids of runs that can be said, remembered and typed: two words, with a number once they are taken. */
const qualities =
  'amber bold brave brief bright brisk calm clear clever cosy crisp deft eager early fair fast fine fleet fond frank free fresh gentle glad grand green happy hardy honest jolly keen kind late light lively loyal lucid lucky mellow merry mild modest neat noble patient plain prime proud quick quiet rapid rare ready royal sharp silent smart snug solid stable steady still strong subtle sunny sure swift tidy warm wise witty young'.split(
    ' ',
  )
const creatures =
  'ant badger bear beaver bison bittern bream carp cat cod crab crane crow cuckoo deer dove duck eagle eel egret elk falcon ferret finch fox gecko goose grouse gull hare hawk hen heron horse ibex jay kite koala lark lemur linnet lion llama loon lynx magpie mole moose moth mouse newt otter owl panda perch pike plover pony puffin quail rabbit raven robin salmon seal shrew snail sparrow stork swan swift tern thrush tiger toad trout turtle wasp whale wolf wren yak'.split(
    ' ',
  )

/**
 * An id that is not taken.
 * @param random a whole number from 0 to below its argument
 */
export function nameRun(taken: (id: string) => boolean, random: (below: number) => number): string {
  for (let attempt = 0; ; attempt++) {
    const words = `${qualities[random(qualities.length)]}-${creatures[random(creatures.length)]}`
    const id = attempt < 5 ? words : `${words}-${random(10 ** Math.min(9, attempt - 3))}`
    if (!taken(id)) return id
  }
}
