// All kinds of claims a plan can make.
export {
  callCount,
  declares,
  fieldNames,
  fileGone,
  fileLines,
  fileLinesAtMost,
  methodCount,
  standsAlone,
} from './size-claims.ts';
export { active, liveMembers, testsExercise, typeExists, unusedMembers, usedIn } from './use-claims.ts';
export { callsOnly, cannotFail, reaches, readyMade, sameArgument, sameAround } from './behaviour-claims.ts';
