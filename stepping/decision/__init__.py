"""The decision on one set of answers: facts, stops, step, trace and interview."""
