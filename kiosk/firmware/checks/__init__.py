"""One module for each kind of file: is what stands in it right?"""
