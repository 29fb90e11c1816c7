// The other half of the programs that a careless tool breaks.
import { describeEverySecond } from './torture-cases.ts';

describeEverySecond(1);
