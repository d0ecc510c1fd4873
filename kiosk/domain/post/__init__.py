"""The public post (BCCI): parcel numbers, what may become of a parcel, addresses, and how long the post may take."""
