"""From a file that nobody has seen before to a layout that `lsi load` takes."""
