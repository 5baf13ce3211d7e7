"""The data of the reference of traffic models: one flow of a call, in whole ms, without its rarest
times, the first two thirds to learn from and the rest to test on.

usage: estimator_data.py ROWS TRAIN TEST

ROWS is what pcap2feat --first=zero --flow=… gives; TRAIN and TEST are written: dir,len,dir_iat.
"""
import sys

import pandas as pd


def main():
    rows = pd.read_csv(sys.argv[1])[["dir", "len", "dir_iat"]].iloc[:10_000]
    rows["dir_iat"] = (rows["dir_iat"] / 1e6).round().astype("int64") * 1_000_000
    low, high = rows["dir_iat"].quantile(0.01), rows["dir_iat"].quantile(0.99)
    rows = rows[(rows["dir_iat"] > low) & (rows["dir_iat"] < high)]
    learnt = len(rows) - len(rows) // 3
    rows.iloc[:learnt].to_csv(sys.argv[2], index=False)
    rows.iloc[learnt:].to_csv(sys.argv[3], index=False)


main()
